// Keeps one access token for each organisation. It does not expire and opens the merchant's account: it is stored encrypted.
//   CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { TOKEN_KEY } from "./settings.mjs";

const SAVE = `INSERT INTO gocardless_connection (organisation_id, access_token) VALUES ($1, $2)
  ON CONFLICT (organisation_id) DO UPDATE SET access_token = excluded.access_token`;

// `db` is a pool of the package pg, or anything with its query(). Webhooks name the organisation, so it is the key.
export async function save(db, organisationId, accessToken) {
  await db.query(SAVE, [organisationId, seal(accessToken)]);
}

export async function accessTokenOf(db, organisationId) {
  const { rows } = await db.query("SELECT access_token FROM gocardless_connection WHERE organisation_id = $1", [organisationId]);
  return rows.length ? unseal(rows[0].access_token) : null;
}

// When the event organisations/disconnected says that the merchant left.
export async function forget(db, organisationId) {
  await db.query("DELETE FROM gocardless_connection WHERE organisation_id = $1", [organisationId]);
}

function seal(text) {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", TOKEN_KEY, nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

function unseal(text) {
  const bytes = Buffer.from(text, "base64");
  const cipher = createDecipheriv("aes-256-gcm", TOKEN_KEY, bytes.subarray(0, 12));
  cipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString("utf8");
}
