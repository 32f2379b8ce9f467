// Drives a running sandbox with GoCardless's own Node client and prints one line of JSON with what it found.
// Usage: node drive.mjs ORIGIN ACCESS_TOKEN WEBHOOK_SECRET WEBHOOK_BODY WEBHOOK_SIGNATURE
import { GoCardlessClient } from "gocardless-nodejs";
import { Environments } from "gocardless-nodejs/constants";
import { parse } from "gocardless-nodejs/webhooks";

const [origin, token, secret, body, signature] = process.argv.slice(2);
const client = new GoCardlessClient(token, Environments.Sandbox);
client._api._baseUrl = origin;
const found = {};

const run = (name, resource) => client.scenarioSimulators.run(name, { links: { resource } });
const customer = await client.customers.create({ given_name: "Frank", family_name: "Osborne", email: "f@example.com", metadata: { order: "1" } });
const account = await client.customerBankAccounts.create({
  account_holder_name: "Frank Osborne", account_number: "55779911", branch_code: "200000", country_code: "GB", links: { customer: customer.id },
});
const mandate = await client.mandates.create({ links: { customer_bank_account: account.id } });
await run("mandate_activated", mandate.id);
const body1 = { amount: 1000, currency: "GBP", links: { mandate: mandate.id } };
const payment = await client.payments.create(body1, "one of its kind");
found.repeated = (await client.payments.create(body1, "one of its kind")).id === payment.id;
await run("payment_paid_out", payment.id);
found.status = (await client.payments.find(payment.id)).status;
found.listed = (await client.payments.list({ status: ["paid_out", "failed"], created_at: { gt: "2020-01-01T00:00:00.000Z" } })).payments.length;
found.updated = (await client.customers.update(customer.id, { metadata: { order: "2" } })).metadata.order;
const refund = await client.refunds.create({ amount: 100, total_amount_confirmation: 100, links: { payment: payment.id } });
found.refund = refund.status;
const subscription = await client.subscriptions.create({ amount: 500, currency: "GBP", interval_unit: "monthly", links: { mandate: mandate.id } });
found.paused = (await client.subscriptions.pause(subscription.id, {})).status;
const schedule = await client.instalmentSchedules.createWithSchedule({
  name: "In parts", total_amount: 300, currency: "GBP", links: { mandate: mandate.id },
  instalments: { amounts: [100, 200], interval: 1, interval_unit: "monthly" },
});
found.schedule = schedule.status;
const request = await client.billingRequests.create({ mandate_request: { currency: "GBP", scheme: "bacs" } });
const flow = await client.billingRequestFlows.create({ redirect_uri: "https://example.com/back", links: { billing_request: request.id } });
found.flow = flow.authorisation_url.startsWith(origin);
const names = [];
for await (const event of client.events.all({ limit: "3" })) names.push(`${event.resource_type}.${event.action}`);
found.events = names;
found.payouts = (await client.payouts.list({})).payouts.length;
await client.mandates.cancel(mandate.id, {});
try {
  await client.payments.create(body1);
} catch (error) {
  found.refused = [error.constructor.name, error.errors?.[0]?.reason];
}
found.removed = (await client.customers.remove(customer.id)) !== undefined;
found.webhook = parse(body, secret, signature).length;
try {
  parse(body, secret, "0".repeat(64));
} catch (error) {
  found.forged = error.constructor.name;
}
console.log(JSON.stringify(found));
