// Behind your button "Connect with GoCardless": redirect the merchant to this address.
import { randomBytes } from "node:crypto";
import { CLIENT_ID, CONNECT_URL, REDIRECT_URI } from "./settings.mjs";

// `session` is the merchant's session with you. The state in it proves later that the answer belongs to it.
export function authorizationLink(session, { email = "", organisationName = "" } = {}) {
  session.gocardlessState = randomBytes(32).toString("base64url");
  const parameters = {
    response_type: "code",
    client_id: CLIENT_ID,
    scope: "read_write",
    redirect_uri: REDIRECT_URI,
    state: session.gocardlessState,
    initial_view: "signup", // or "login", for merchants who have an account
    "prefill[email]": email,
    "prefill[organisation_name]": organisationName,
  };
  const given = Object.entries(parameters).filter(([, value]) => value);
  return `${CONNECT_URL}/oauth/authorize?${new URLSearchParams(given)}`;
}
