<?php

// Whether GoCardless has verified the merchant: ask right after connecting, show it, and ask again now and then.

declare(strict_types=1);

require_once __DIR__ . '/settings.php';
require_once __DIR__ . '/vendor/autoload.php'; // composer require gocardless/gocardless-pro

const ADVICE = [
    'successful' => 'Nothing to do. Payouts can be made.',
    'in_review' => 'GoCardless is checking the details. There is nothing to do but wait.',
    'action_required' => "Send the merchant to GoCardless's verification pages: something is still missing.",
];

/** A connected organisation has exactly one creditor: the first of the list. */
function verification_status(string $access_token): string
{
    $live = API_URL === 'https://api.gocardless.com';
    $client = new \GoCardlessPro\Client([
        'access_token' => $access_token,
        'environment' => $live ? \GoCardlessPro\Environment::LIVE : \GoCardlessPro\Environment::SANDBOX,
        'base_url' => API_URL . '/',
    ]);

    return $client->creditors()->list(['params' => ['limit' => 1]])->records[0]->verification_status;
}
