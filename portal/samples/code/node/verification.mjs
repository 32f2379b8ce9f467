// Whether GoCardless has verified the merchant: ask right after connecting, show it, and ask again now and then.
import { GoCardlessClient } from "gocardless-nodejs";
import { Environments } from "gocardless-nodejs/constants";
import { API_URL } from "./settings.mjs";

export const ADVICE = {
  successful: "Nothing to do. Payouts can be made.",
  in_review: "GoCardless is checking the details. There is nothing to do but wait.",
  action_required: "Send the merchant to GoCardless's verification pages: something is still missing.",
};

// A connected organisation has exactly one creditor: the first of the list.
export async function verificationStatus(accessToken) {
  const { creditors } = await client(accessToken).creditors.list({ limit: "1" });
  return creditors[0].verification_status;
}

function client(accessToken) {
  const live = API_URL === "https://api.gocardless.com";
  const made = new GoCardlessClient(accessToken, live ? Environments.Live : Environments.Sandbox);
  made._api._baseUrl = API_URL; // this client has no option for another address
  return made;
}
