#!/usr/bin/env python3
"""Writes the sample statements of docs/examples, or one large statement for measuring.

    Scripts/make-examples.py                              the samples, the same bytes every time
    Scripts/make-examples.py --lines 1000000 wechat-bill FILE
    Scripts/make-examples.py --lines 1000000 pos-csv FILE

Everything in the samples is invented: merchants, numbers, cards and people.
"""
import argparse
import gzip
import os
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "examples")
SEED = 20261122

WECHAT_HEADINGS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注")
WECHAT_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
POS_ENGLISH = (
    "merchant_no,terminal_no,batch_no,trace_no,reference_no,auth_code,paid_at,card,card_kind,issuer,channel,order_no,"
    "type,amount,currency,fee,settled_on")
POS_CHINESE = (
    "商户号,终端号,交易日期时间,参考号,批次号,凭证号,授权码,卡号,卡类型,发卡行,支付渠道,订单号,交易类型,金额,币种,手续费,"
    "清算金额,清算日期")
BANKS = [
    ("622588", "招商银行", "CMB"), ("622202", "工商银行", "ICBC"), ("621700", "建设银行", "CCB"),
    ("622848", "农业银行", "ABC"), ("621661", "中国银行", "BOC"), ("622252", "交通银行", "COMM")]
CHINESE_WORDS = {
    "debit": "借记卡", "credit": "贷记卡", "wechatpay": "微信支付", "unionpay": "银联", "sale": "消费", "refund": "退货",
    "void": "消费撤销"}
WECHAT_FEE_PER_MILLE = 6
CARD_FEE_PER_MILLE = 5


@dataclass
class Merchant:
    code: str
    merchant_no: str
    mchid: str
    appid: str
    terminals: list
    goods: list
    orders: str
    trace: int = 0


@dataclass
class Payment:
    paid_at: datetime
    fen: int
    wechat: bool
    terminal: str = ""
    goods: str = ""
    refunds: list = field(default_factory=list)
    void: bool = False
    bank: tuple = BANKS[0]
    kind: str = "debit"
    channel: str = ""
    transaction: str = ""
    order: str = ""
    slip: tuple = ()


MERCHANTS = [
    Merchant("lanting", "898290053110001", "1900012301", "wx5f0a7c31d9e2b846", ["80210001", "80210002"],
             ["羊绒围巾", "咖啡两杯", "女鞋", "保温杯, 500毫升", "儿童绘本"], "LT"),
    Merchant("harbour", "822290070110002", "1900012302", "wx81c6e4d27ab3f095", ["HB000017"],
             ["Room 1208", "Breakfast for two", "Late check-out", "Minibar", "Airport car"], "HV"),
    Merchant("renhe", "104290059120003", "1900012303", "wx2be97d5f40c8a163", ["60510033"],
             ["感冒灵颗粒", "血压计", "维生素C", "医用口罩50只", "退热贴"], "RH"),
]


def yuan(fen):
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def exact(thousandths):
    """Thousandths of a fen in yuan, with five decimals."""
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 100000}.{abs(thousandths) % 100000:05d}"


def half_up(thousandths):
    return (thousandths + 500) // 1000


def name_payment(rng, merchant, payment):
    """Gives a payment the numbers that the channel, the till and the terminal gave it."""
    merchant.trace += 1
    day = payment.paid_at.strftime("%Y%m%d")
    payment.goods = payment.goods or rng.choice(merchant.goods)
    payment.bank = rng.choice(BANKS)
    payment.kind = rng.choice(["debit", "credit"])
    if payment.wechat:
        payment.transaction = f"42000{rng.randrange(10**5):05d}{day}{rng.randrange(10**10):010d}"
    payment.order = f"{merchant.orders}{day}{merchant.trace:06d}"
    if payment.terminal:
        batch = f"{(payment.paid_at - datetime(2025, 6, 1)).days:06d}"
        payment.slip = (batch, f"{merchant.trace:06d}", f"{rng.randrange(10**12):012d}", f"{rng.randrange(10**6):06d}",
                        f"{rng.randrange(10**4):04d}")


def wechat_row(merchant, payment, open_id, refund=None):
    when = payment.paid_at if refund is None else refund["at"]
    paid = payment.fen if refund is None else 0
    back = 0 if refund is None else refund["fen"]
    fee = payment.fen * WECHAT_FEE_PER_MILLE if refund is None else -back * WECHAT_FEE_PER_MILLE
    bank = f"{payment.bank[2]}_{payment.kind.upper()}"
    values = [
        when.strftime("%Y-%m-%d %H:%M:%S"), merchant.appid, merchant.mchid, "0", "", payment.transaction,
        payment.order, open_id, "MICROPAY" if payment.terminal else "JSAPI", "SUCCESS" if refund is None else "REFUND",
        bank, "CNY", yuan(paid), "0.00", "0" if refund is None else refund["channel_number"],
        "0" if refund is None else refund["number"], yuan(back), "0.00", "" if refund is None else "ORIGINAL",
        "" if refund is None else refund["status"], payment.goods, "", exact(fee), "0.60%", yuan(paid), yuan(back), ""]
    return values, (paid, back, fee)


def wechat_bill(merchant, payments, rng):
    rows = []
    for payment in payments:
        open_id = "o" + "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijk0123456789_-") for _ in range(27))
        rows.append((payment.paid_at, *wechat_row(merchant, payment, open_id)))
        for refund in payment.refunds:
            rows.append((refund["at"], *wechat_row(merchant, payment, open_id, refund)))
    rows.sort(key=lambda row: row[0])
    paid, back, fee = (sum(row[2][index] for row in rows) for index in range(3))
    sums = [str(len(rows)), yuan(paid), yuan(back), "0.00", exact(fee), yuan(paid), yuan(back)]
    lines = [WECHAT_HEADINGS] + ["`" + ",`".join(row[1]) for row in rows] + [WECHAT_SUMS, "`" + ",`".join(sums)]
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def pos_values(merchant, payment, kind, number=None, fen=None, at=None):
    batch, trace, reference, auth, last4 = payment.slip
    if number is not None:
        trace, reference = number
    fen = payment.fen if fen is None else fen
    at = at or payment.paid_at
    fee = half_up(fen * (WECHAT_FEE_PER_MILLE if payment.wechat else CARD_FEE_PER_MILLE))
    sign = 1 if kind == "sale" else -1
    card = not payment.wechat
    return {
        "merchant_no": merchant.merchant_no, "terminal_no": payment.terminal, "batch_no": batch, "trace_no": trace,
        "reference_no": reference, "auth_code": auth if card else "",
        "card": f"{payment.bank[0]}******{last4}" if card else "", "card_kind": payment.kind if card else "",
        "issuer": payment.bank[1] if card else "", "channel": payment.channel or ("unionpay" if card else "wechatpay"),
        "order_no": payment.transaction or payment.order, "type": kind, "amount": yuan(sign * fen), "currency": "CNY",
        "fee": yuan(fee), "net": yuan(sign * (fen - fee)), "paid_at": at,
        "settled_on": (at + timedelta(days=1)).date()}


def pos_rows(merchant, payments, rng):
    rows = []
    for payment in payments:
        if not payment.terminal:
            continue
        rows.append(pos_values(merchant, payment, "sale"))
        if payment.void or (payment.refunds and not payment.wechat):
            merchant.trace += 1
            number = (f"{merchant.trace:06d}", f"{rng.randrange(10**12):012d}")
            if payment.void:
                rows.append(pos_values(merchant, payment, "void", number, at=payment.paid_at + timedelta(minutes=4)))
            for refund in payment.refunds:
                rows.append(pos_values(merchant, payment, "refund", number, refund["fen"], refund["at"]))
    return sorted(rows, key=lambda row: row["paid_at"])


def pos_english(rows):
    lines = [POS_ENGLISH]
    for row in rows:
        text = dict(row, paid_at=row["paid_at"].strftime("%Y-%m-%d %H:%M:%S"), settled_on=row["settled_on"].isoformat())
        lines.append(",".join(str(text[name]) for name in POS_ENGLISH.split(",")))
    return "\n".join(lines) + "\n"


def pos_chinese(rows):
    names = ["merchant_no", "terminal_no", "paid_at", "reference_no", "batch_no", "trace_no", "auth_code", "card",
             "card_kind", "issuer", "channel", "order_no", "type", "amount", "currency", "fee", "net", "settled_on"]
    lines = [POS_CHINESE]
    for row in rows:
        text = dict(row, paid_at=row["paid_at"].strftime("%Y/%m/%d %H:%M:%S"),
                    settled_on=row["settled_on"].strftime("%Y%m%d"), currency="人民币")
        # As from a spreadsheet: long numbers with a tab before them.
        text["order_no"] = "\t" + text["order_no"]
        lines.append(",".join(CHINESE_WORDS.get(str(text[name]), str(text[name])) for name in names))
    return "\r\n".join(lines) + "\r\n"


def sample_payments(rng, merchant, count, wechat_share, online_share):
    """Ordinary payments of the last seven weeks, in the order of their time."""
    payments = []
    for _ in range(count):
        minutes = rng.randrange(49 * 24 * 60)
        paid_at = datetime(2026, 10, 3) + timedelta(minutes=minutes, seconds=rng.randrange(60))
        paid_at = paid_at.replace(hour=9 + paid_at.hour % 12)
        wechat = rng.random() < wechat_share
        fen = rng.choice([rng.randrange(1000, 9900), rng.randrange(9900, 60000), rng.randrange(20, 400) * 1000])
        online = wechat and rng.random() < online_share
        payments.append(Payment(paid_at, fen, wechat, "" if online else rng.choice(merchant.terminals)))
    return payments


def refund_of(rng, merchant, payment, fen, days, status="SUCCESS"):
    at = payment.paid_at + timedelta(days=days, minutes=7)
    payment.refunds.append({
        "fen": fen, "at": at, "status": status, "number": f"{merchant.orders}R{at:%Y%m%d}{rng.randrange(10**6):06d}",
        "channel_number": f"503{rng.randrange(10**8):08d}{at:%Y%m%d}{rng.randrange(10**10):010d}"[:29]})


def specials(rng, merchant):
    """The payments that docs/examples/README.md speaks of."""
    terminal = merchant.terminals[0]
    if merchant.code == "lanting":
        example = Payment(datetime(2026, 11, 18, 15, 21, 40), 10000, True, terminal, "羊绒围巾")
        partly = Payment(datetime(2026, 11, 9, 11, 5, 12), 45800, True, terminal, "女鞋")
        refund_of(rng, merchant, partly, 15800, 2)
        wholly = Payment(datetime(2026, 11, 4, 18, 40, 3), 8800, True, terminal, "咖啡两杯")
        refund_of(rng, merchant, wholly, 8800, 1)
        old = Payment(datetime(2025, 11, 10, 14, 2, 55), 29900, True, terminal, "保温杯, 500毫升")
        card = Payment(datetime(2026, 11, 15, 13, 30, 21), 128000, False, terminal)
        voided = Payment(datetime(2026, 11, 16, 10, 12, 9), 56000, False, terminal)
        voided.void = True
        return [example, partly, wholly, old, card, voided]
    if merchant.code == "harbour":
        room = Payment(datetime(2026, 11, 20, 12, 4, 18), 168000, True, terminal, "Room 1208")
        card = Payment(datetime(2026, 11, 19, 20, 47, 33), 96000, False, terminal)
        returned = Payment(datetime(2026, 11, 12, 9, 15, 0), 240000, False, terminal)
        refund_of(rng, merchant, returned, 60000, 1)
        return [room, card, returned]
    monitor = Payment(datetime(2026, 11, 21, 17, 33, 26), 26900, True, terminal, "血压计")
    small = Payment(datetime(2026, 11, 21, 18, 2, 49), 1980, True, terminal, "感冒灵颗粒")
    pending = Payment(datetime(2026, 11, 19, 16, 20, 8), 5990, True, terminal, "维生素C")
    refund_of(rng, merchant, pending, 2990, 2, "PROCESSING")
    return [monitor, small, pending]


def write_ruiyinxin(merchant):
    """A second terminal of the pharmacy, by an acquirer whose refunds no machine can send."""
    rng = random.Random(SEED + 1)
    counter = Merchant(merchant.code, "862100012345678", "", "", ["70330018"], ["助听器电池", "轮椅"], "RB")
    payments = [
        Payment(datetime(2026, 11, 14, 10, 12, 30), 86000, False, "70330018", "轮椅"),
        Payment(datetime(2026, 11, 17, 16, 41, 5), 23600, False, "70330018", "助听器电池"),
        Payment(datetime(2026, 11, 19, 9, 55, 48), 128800, False, "70330018", "轮椅"),
    ]
    for payment in payments:
        payment.channel = "ruiyinxin"
        name_payment(rng, counter, payment)
    write("renhe-ruiyinxin.csv", pos_english(pos_rows(counter, payments, rng)).encode())


def write(name, data):
    with open(os.path.join(FOLDER, name), "wb") as file:
        file.write(data)


def write_samples():
    os.makedirs(FOLDER, exist_ok=True)
    rng = random.Random(SEED)
    plan = {"lanting": (20, 0.7, 0.2), "harbour": (15, 0.5, 0.0), "renhe": (13, 0.75, 0.3)}
    for merchant in MERCHANTS:
        payments = sample_payments(rng, merchant, *plan[merchant.code]) + specials(rng, merchant)
        payments.sort(key=lambda payment: payment.paid_at)
        for payment in payments:
            name_payment(rng, merchant, payment)
        bill = wechat_bill(merchant, [p for p in payments if p.wechat], rng).encode()
        rows = pos_rows(merchant, payments, rng)
        if merchant.code == "harbour":
            write("harbour-wechat.csv.gz", gzip.compress(bill, mtime=0))
        else:
            write(f"{merchant.code}-wechat.csv", bill)
        if merchant.code == "lanting":
            write("lanting-pos-gbk.csv", pos_chinese(rows).encode("gbk"))
        else:
            write(f"{merchant.code}-pos.csv", pos_english(rows).encode())
    write_ruiyinxin(MERCHANTS[2])


def write_large(form, lines, path):
    """One statement of so many rows, row by row, so that memory stays small here too."""
    merchant = MERCHANTS[0]
    start = datetime(2026, 1, 1)
    total = 0
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write((WECHAT_HEADINGS + "\r\n") if form == "wechat-bill" else POS_ENGLISH + "\n")
        for index in range(lines):
            fen = 100 + index * 37 % 99900
            payment = Payment(start + timedelta(seconds=index * 20 % (320 * 86400)), fen, True, "80210001", "羊绒围巾")
            payment.transaction = f"4200001234{payment.paid_at:%Y%m%d}{index:010d}"
            payment.order = f"LT{payment.paid_at:%Y%m%d}{index:08d}"
            total += fen
            if form == "wechat-bill":
                file.write("`" + ",`".join(wechat_row(merchant, payment, "oABC")[0]) + "\r\n")
                continue
            payment.wechat = False
            payment.transaction = ""
            payment.slip = (f"{index // 10**6:06d}", f"{index % 10**6:06d}", f"{index:012d}", f"{index % 10**6:06d}",
                            f"{index % 10**4:04d}")
            text = pos_values(merchant, payment, "sale")
            file.write(",".join(str(text[name]) for name in POS_ENGLISH.split(",")) + "\n")
        if form == "wechat-bill":
            sums = [str(lines), yuan(total), "0.00", "0.00", exact(total * WECHAT_FEE_PER_MILLE), yuan(total), "0.00"]
            file.write(WECHAT_SUMS + "\r\n`" + ",`".join(sums) + "\r\n")


def main():
    parser = argparse.ArgumentParser(description="Writes the sample statements, or one large one.")
    parser.add_argument("--lines", type=int)
    parser.add_argument("form", nargs="?", choices=["pos-csv", "wechat-bill"])
    parser.add_argument("path", nargs="?")
    wanted = parser.parse_args()
    if wanted.lines is None:
        write_samples()
    else:
        write_large(wanted.form, wanted.lines, wanted.path)


if __name__ == "__main__":
    main()
