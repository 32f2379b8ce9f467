"""Events of two merchants in one webhook: each with the token of the merchant it names, as far as calls to the API show."""

from portal.exam import merchants
from portal.exam.endpoint import acting, delivering
from portal.exam.endpoint.first import NEEDED
from portal.exam.merchants import MAIN, OTHER
from portal.exam.nouns import Check, Experiment, Family, Judgement, Observation, failed, passed, skipped
from portal.exam.rig import Rig

ROUTING = "endpoint.routing"


def route(rig: Rig) -> Observation:
    """`mine` and `foreign`: calls for a payment with the token of its own merchant, and of another."""
    both = [merchants.connected(rig, name) for name in (MAIN, OTHER)]
    since = rig.levers.mark()
    told = [acting.of(rig, merchant) for merchant in both]
    answer = delivering.tell(rig, "One webhook with an event of each of two merchants", *told)
    for event in told:
        acting.wait(rig, event, since)
    asked = [
        (event["links"]["organisation"], call)
        for event in told
        for call in acting.fetches(rig, event["links"]["payment"], since)
    ]
    mine = sum(call.organisation_id == organisation for organisation, call in asked)
    return {"answer": answer, "mine": mine, "foreign": len(asked) - mine}


def judge_routing(seen: Observation) -> Judgement:
    if seen["foreign"]:
        return failed("A payment of one merchant was asked for with the access token of another.")
    if seen["mine"] < len((MAIN, OTHER)):
        return skipped("Not both payments were fetched from the API, so nothing shows to whom the events went.")
    return passed("Each payment was asked for with the token of the merchant that the event names.")


EXPERIMENTS = (Experiment(ROUTING, Family.ENDPOINT, route, NEEDED),)
CHECKS = (
    Check(
        id="endpoint.routed", family=Family.ENDPOINT, experiment=ROUTING, judge=judge_routing, guide="connect", needs=("endpoint.acts",),
        title="Each event goes to the merchant that it names",
        expected="The organisation in an event decides whose token is used.",
        why="One endpoint receives the events of all your merchants. Mixing them up shows one merchant's payers to another.",
    ),
)  # fmt: skip
