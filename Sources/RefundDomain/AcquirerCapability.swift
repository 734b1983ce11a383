/// Channels of acquirers whose limits are not public.
extension ChannelCapability {
    /// Shengpay's refunds. Nothing of this is public: they are the tightest limits of the wallets and cards behind it,
    /// and a pace that hurts nobody; `docs/guides/shengpay.md` says so.
    public static let shengpay = ChannelCapability(
        windowDays: 330, refundsMax: 50, gapSeconds: 60, visibilityDelaySeconds: 300, replaySafe: false,
        queryPlanSeconds: acquirerQueryPlan)

    /// Helipay's refunds; nothing of this is public either, and `docs/guides/helipay.md` says so.
    public static let helipay = ChannelCapability(
        windowDays: 330, refundsMax: 50, gapSeconds: 60, visibilityDelaySeconds: 300, replaySafe: false,
        queryPlanSeconds: acquirerQueryPlan)

    /// 1, 1, 3, 5, 10, 10 minutes, every 30 minutes for a day, 6-hourly for two more, daily.
    private static let acquirerQueryPlan: [Int64] =
        [60, 60, 180, 300, 600, 600] + Array(repeating: 1800, count: 46) + Array(repeating: 21_600, count: 8)
        + [86_400]
}
