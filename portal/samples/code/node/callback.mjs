// The page at your redirect URI: the merchant comes back to it with a code, which is exchanged for an access token.
import { timingSafeEqual } from "node:crypto";
import { CLIENT_ID, CLIENT_SECRET, CONNECT_URL, REDIRECT_URI } from "./settings.mjs";

// The words are for the merchant, beside a button that starts again.
export class NotConnected extends Error {}

// `query` holds the parameters of the address. Gives back the organisation's id and its access token.
export async function connect(session, query) {
  const expected = Buffer.from(session.gocardlessState ?? "");
  delete session.gocardlessState; // good for one answer
  const given = Buffer.from(String(query.state ?? ""));
  if (!expected.length || given.length !== expected.length || !timingSafeEqual(expected, given)) {
    throw new NotConnected("This answer does not belong to your session. Please start again.");
  }
  if (query.error) throw new NotConnected(query.error_description || query.error); // access_denied: the merchant said no
  return exchange(query.code ?? "");
}

// From your server only: the client secret never reaches a browser. A code is good once and for minutes.
async function exchange(code) {
  const answer = await fetch(`${CONNECT_URL}/oauth/access_token`, {
    method: "POST",
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: REDIRECT_URI,
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    }),
  });
  const token = await answer.json();
  if (!token.access_token) {
    throw new NotConnected(token.error_description || "GoCardless did not take the code. Please start again.");
  }
  return { organisationId: token.organisation_id, accessToken: token.access_token };
}
