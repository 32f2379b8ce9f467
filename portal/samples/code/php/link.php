<?php

// Behind your button "Connect with GoCardless": redirect the merchant to this address.

declare(strict_types=1);

require_once __DIR__ . '/settings.php';

/** $session is the merchant's session with you ($_SESSION). The state in it proves later that the answer belongs to it. */
function authorization_link(array &$session, string $email = '', string $organisation_name = ''): string
{
    $session['gocardless_state'] = bin2hex(random_bytes(32));
    $parameters = [
        'response_type' => 'code',
        'client_id' => CLIENT_ID,
        'scope' => 'read_write',
        'redirect_uri' => REDIRECT_URI,
        'state' => $session['gocardless_state'],
        'initial_view' => 'signup', // or 'login', for merchants who have an account
        'prefill' => array_filter(['email' => $email, 'organisation_name' => $organisation_name]),
    ];

    return CONNECT_URL . '/oauth/authorize?' . http_build_query($parameters);
}
