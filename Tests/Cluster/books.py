"""What must be true at the end: our books by themselves, the bank's by themselves, and both together."""
import collections
import json
import urllib.request

CASES = """
SELECT   refund_case.number, refund_case.state, payment.channel_transaction_no, refund_case.asked_minor
FROM     refund_case
JOIN     payment
ON       payment.id = refund_case.payment_id
WHERE    refund_case.state <> 'draft'
ORDER BY refund_case.number
"""
MOVEMENTS = """
SELECT   movement.refund_number, movement.state, movement.gross_minor, refund_case.number,
         payment.channel_transaction_no
FROM     movement
JOIN     refund_case
ON       refund_case.id = movement.case_id
JOIN     payment
ON       payment.id = movement.payment_id
ORDER BY movement.refund_number
"""
# What the bank says of a refund whose movement ended so with us; None where the bank may never have taken it on.
BANK_SAYS = {
    "succeeded": {"SUCCESS"}, "failed": {"CLOSED", None}, "needs_payee_action": {"ABNORMAL"}, "cancelled": {None}}
MOVED = {"confirmed": "succeeded", "failed": "failed", "needs-payee": "needs_payee_action"}
STATES = {"declined": "declined", "withdrawn": "withdrawn"}


class Books:
    """Everything that is wrong with the books, in sentences."""

    def __init__(self, house):
        self.house = house
        self.faults = []

    def check(self):
        bank = self.refunds()
        movements = self.house.database.rows(MOVEMENTS)
        self._check_verify()
        self._check_cases()
        self._check_movements(movements)
        self._check_bank(bank)
        self._check_both(bank, movements)
        return self.faults

    def refunds(self):
        """What the bank executed; it tells whether or not anybody asked twice."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.house.bank_port}/books", timeout=60) as answer:
            return json.load(answer)["refunds"]

    def _wrong(self, what):
        self.faults.append(what)

    def _check_verify(self):
        try:
            self.house.run("verify")
        except AssertionError as fault:
            self._wrong(str(fault)[:4000])

    def _check_cases(self):
        """What cardholders were told is filed, exactly, and nothing beside it."""
        cases = self.house.database.rows(CASES)
        told = self.house.filed
        for number in told.keys() - {case[0] for case in cases}:
            self._wrong(f"{number} was told to journey {told[number].index} and is not there")
        for number, state, order, asked in cases:
            journey = told.get(number)
            if journey is None:
                self._wrong(f"{number} ({state}, {order}, {asked} fen) is there and nobody was told")
            elif (order, int(asked)) != (journey.order, journey.asked):
                self._wrong(f"{number} is {asked} fen of {order}, journey {journey.index} asked another thing")
            elif state not in {STATES.get(end, "approved") for end in journey.ends}:
                self._wrong(f"{number} of journey {journey.index} ({journey.way}) ended {state}")

    def _check_movements(self, movements):
        """One movement for each approved case, over the sum agreed on, in a state that fits the end."""
        of = collections.defaultdict(list)
        for number, state, gross, case, order in movements:
            of[case].append((state, int(gross)))
        for case, journey in self.house.filed.items():
            right = [[(MOVED[end], journey.agreed)] for end in journey.ends if end in MOVED]
            if "withdrawn" in journey.ends:
                right += [[], [("cancelled", journey.agreed)]]
            if "declined" in journey.ends:
                right += [[]]
            if of[case] not in right:
                self._wrong(f"{case} of journey {journey.index} ({journey.way}) has {of[case]}, right: {right}")

    def _check_bank(self, bank):
        """Every number once, and never more of a payment than was paid."""
        for number, times in collections.Counter((refund["merchant"], refund["number"]) for refund in bank).items():
            if times > 1:
                self._wrong(f"the bank paid {number} {times} times")
        paid, totals = collections.Counter(), {}
        for refund in bank:
            key = (refund["merchant"], refund["payment"])
            totals.setdefault(key, refund["total"])
            if refund["status"] == "SUCCESS":
                paid[key] += refund["amount"]
            if refund["total"] != totals[key]:
                self._wrong(f"{key} has two totals at the bank")
        for key, fen in paid.items():
            if fen > totals[key]:
                self._wrong(f"the bank paid {fen} fen back of {key}, which was {totals[key]}")

    def _check_both(self, bank, movements):
        """The same numbers, amounts, payments and ends on both sides."""
        theirs = {refund["number"]: refund for refund in bank}
        ours = {movement[0] for movement in movements}
        for number in theirs.keys() - ours:
            self._wrong(f"the bank has {theirs[number]}, which is not in our books")
        for number, state, gross, case, order in movements:
            refund = theirs.get(number)
            status = refund and refund["status"]
            if status not in BANK_SAYS.get(state, set()):
                self._wrong(f"{case}: {number} is {state} with us and {status} at the bank")
            if refund and (refund["amount"], refund["payment"]) != (int(gross), f"transaction:{order}"):
                self._wrong(f"{case}: {number} is {gross} fen of {order} with us and {refund} at the bank")
