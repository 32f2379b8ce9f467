<?php

// The page at your redirect URI: the merchant comes back to it with a code, which is exchanged for an access token.

declare(strict_types=1);

require_once __DIR__ . '/settings.php';

/** The words are for the merchant, beside a button that starts again. */
class NotConnected extends RuntimeException
{
}

/** $query holds the parameters of the address ($_GET). Gives back the organisation's id and its access token. */
function connect(array &$session, array $query): array
{
    $expected = $session['gocardless_state'] ?? '';
    unset($session['gocardless_state']); // good for one answer
    if ($expected === '' || !hash_equals($expected, (string) ($query['state'] ?? ''))) {
        throw new NotConnected('This answer does not belong to your session. Please start again.');
    }
    if (isset($query['error'])) { // access_denied: the merchant said no
        throw new NotConnected($query['error_description'] ?? $query['error']);
    }

    return exchange((string) ($query['code'] ?? ''));
}

/** From your server only: the client secret never reaches a browser. A code is good once and for minutes. */
function exchange(string $code): array
{
    $parameters = [
        'grant_type' => 'authorization_code',
        'code' => $code,
        'redirect_uri' => REDIRECT_URI,
        'client_id' => CLIENT_ID,
        'client_secret' => CLIENT_SECRET,
    ];
    $request = [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($parameters),
        'timeout' => 10,
        'follow_location' => 0,
        'ignore_errors' => true, // a refusal has a body, too
    ];
    $answer = file_get_contents(CONNECT_URL . '/oauth/access_token', false, stream_context_create(['http' => $request]));
    $token = json_decode((string) $answer, true);
    if (!isset($token['access_token'])) {
        throw new NotConnected($token['error_description'] ?? 'GoCardless did not take the code. Please start again.');
    }

    return [$token['organisation_id'], $token['access_token']];
}
