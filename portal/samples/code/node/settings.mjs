// What tells one GoCardless from another, and the secrets, which stay in the environment and out of your code.

export const CONNECT_URL = "{{connect_url}}";
export const API_URL = "{{api_url}}";
export const CLIENT_ID = "{{client_id}}";
export const REDIRECT_URI = "{{redirect_uri}}";

export const CLIENT_SECRET = needed("GOCARDLESS_CLIENT_SECRET");
export const WEBHOOK_SECRET = needed("GOCARDLESS_WEBHOOK_SECRET");
export const TOKEN_KEY = Buffer.from(needed("TOKEN_KEY"), "base64"); // 32 bytes: openssl rand -base64 32

function needed(name) {
  if (!process.env[name]) throw new Error(`${name} is not set`);
  return process.env[name];
}
