// Plays a partner's server with the Node files: `node drive.mjs link` or `node drive.mjs finish FACTS`.
import { NotConnected, connect } from "./callback.mjs";
import { authorizationLink } from "./link.mjs";
import { accessTokenOf, forget, save } from "./store.mjs";
import { ADVICE, verificationStatus } from "./verification.mjs";
import { InvalidSignature, events } from "./webhook.mjs";

// Keeps what the code asks a database for; the test asks a real one the same.
class Pool {
  asked = [];
  rows = new Map();
  async query(sql, values) {
    this.asked.push([sql, values]);
    if (sql.startsWith("INSERT")) this.rows.set(...values);
    if (sql.startsWith("DELETE")) this.rows.delete(values[0]);
    const found = this.rows.get(values[0]);
    return { rows: sql.startsWith("SELECT") && found ? [{ access_token: found }] : [] };
  }
}

async function refused(work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof NotConnected || error instanceof InvalidSignature) return `${error.constructor.name}: ${error.message}`;
    throw error;
  }
  return "not refused";
}

async function finish(facts) {
  const db = new Pool();
  const session = { ...facts.session };
  const { organisationId, accessToken } = await connect(session, facts.query);
  await save(db, organisationId, "an older token");
  await save(db, organisationId, accessToken);
  const found = {
    organisation: organisationId,
    token: accessToken,
    session,
    rows: [...db.rows],
    kept: await accessTokenOf(db, organisationId),
    status: await verificationStatus(accessToken),
    refused: [],
    forged: [],
    events: facts.genuine.map(([body, signature]) => events(Buffer.from(body), signature).length),
  };
  found.advice = ADVICE[found.status];
  for (const [given, query] of facts.refused) found.refused.push(await refused(() => connect(given, query)));
  for (const [body, signature] of facts.forged) found.forged.push(await refused(() => events(Buffer.from(body), signature)));
  await forget(db, organisationId);
  return { ...found, forgotten: await accessTokenOf(db, organisationId), asked: db.asked };
}

function begin() {
  const session = {};
  return { link: authorizationLink(session, { email: "mia@example.com", organisationName: "Corner Shop & Sons" }), session };
}

const [what, facts] = process.argv.slice(2);
console.log(JSON.stringify(what === "link" ? begin() : await finish(JSON.parse(facts))));
