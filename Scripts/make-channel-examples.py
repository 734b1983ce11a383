#!/usr/bin/env python3
"""Writes the samples of docs/examples that come as ZIP archives, as Alipay and UnionPay pack them.

    Scripts/make-channel-examples.py

The same bytes every time; everything in them is invented.
"""
import os
import zipfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "examples")
ALIPAY_HEADINGS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注")
ZM_WIDTHS = [
    3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32,
    13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98]


class NameInGBK(zipfile.ZipInfo):
    """A member whose name is in GBK and says so nowhere, as Alipay writes it."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def alipay_row(number, order, kind, goods, when, yuan, request="", fee="0.00"):
    values = [number, order, kind, goods, when, when, "", "兰亭百货", "", "", "李*(138****0000)", yuan, yuan, "0.00", "0.00",
              "0.00", "0.00", "0.00", "", "0.00", "0.00", request, fee, "0.00", ""]
    return ",".join(value + "\t" for value in values)


def alipay_details():
    rows = [
        alipay_row("2026111822001400001000000001", "LT20261118A00001", "交易", "羊绒围巾", "2026-11-18 11:20:31", "268.00",
                   fee="-1.61"),
        alipay_row("2026111822001400001000000002", "LT20261118A00002", "交易", "咖啡两杯", "2026-11-18 12:02:07", "56.00",
                   fee="-0.34"),
        alipay_row("2026111822001400001000000001", "LT20261118A00001", "退款", "羊绒围巾", "2026-11-18 19:45:10", "-68.00",
                   request="LTA20261118000001", fee="0.41"),
    ]
    lines = [
        "#支付宝业务明细查询", "#账号：[20885012345678900156]",
        "#起始日期：[2026年11月18日 00:00:00]   终止日期：[2026年11月19日 00:00:00]",
        "#-----------------------------------------业务明细列表----------------------------------------",
        ALIPAY_HEADINGS, *rows,
        "#-----------------------------------------业务明细列表结束------------------------------------",
        "#交易合计：2笔，商家实收共324.00元，商家优惠共0.00元", "#退款合计：1笔，商家实收退款共68.00元，商家优惠退款共0.00元",
        "#导出时间：[2026年11月19日 09:12:45]"]
    return "\r\n".join(lines) + "\r\n"


def alipay_sums():
    lines = ["#支付宝业务汇总查询", "#账号：[20885012345678900156]",
             "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）", ",兰亭百货,2,1,256.00,256.00"]
    return "\r\n".join(lines) + "\r\n"


def zm_line(values):
    """One line; values by the number of their field, the rest is blank."""
    fields = []
    for number, width in enumerate(ZM_WIDTHS, 1):
        value = values.get(number, "").encode("gbk")
        fields.append(value.ljust(width)[:width])
    return b" ".join(fields)


def zm_payment(trace, when, fen, query, order, fee, kind="01", original=""):
    return zm_line({
        1: "S22", 2: "01040000", 3: "00010000", 4: trace, 5: when, 6: "622588*********9243", 7: f"{fen:012d}", 8: "5311",
        9: "07", 10: query, 12: order, 13: "01", 16: f"D{fee:012d}", 17: f"C{fen - fee:012d}", 20: kind, 21: "00",
        22: "000201", 26: "0", 27: original, 28: "777290058110097", 31: "兰亭百货", 34: "01080209", 35: "柜台",
        40: "1"})


def zm():
    lines = [
        zm_payment("100201", "1118103000", 128000, "202611181030001002018", "LT20261118U00001", 640),
        zm_payment("100202", "1118142205", 45600, "202611181422051002028", "LT20261118U00002", 228),
        zm_payment("100203", "1118180100", 8000, "202611181801001002038", "LTU20261118000001", 40, "04",
                   "202611181030001002018"),
    ]
    return b"\r\n".join(lines) + b"\r\n"


def archive(name, members):
    path = os.path.join(FOLDER, name)
    with zipfile.ZipFile(path, "w") as file:
        for member, data in members:
            info = NameInGBK(member, (2026, 11, 19, 9, 12, 44))
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, data)


def main():
    archive("lanting-alipay.zip", [
        ("20885012345678900156_20261118_业务明细(汇总).csv", alipay_sums().encode("gbk")),
        ("20885012345678900156_20261118_业务明细.csv", alipay_details().encode("gbk"))])
    archive("lanting-unionpay-zm.zip", [
        ("INN26111888ZM_777290058110097", zm()), ("INN26111888ZME_777290058110097", b"")])


if __name__ == "__main__":
    main()
