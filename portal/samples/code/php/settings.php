<?php

// What tells one GoCardless from another, and the secrets, which stay in the environment and out of your code.

declare(strict_types=1);

const CONNECT_URL = "{{connect_url}}";
const API_URL = "{{api_url}}";
const CLIENT_ID = "{{client_id}}";
const REDIRECT_URI = "{{redirect_uri}}";

define('CLIENT_SECRET', needed('GOCARDLESS_CLIENT_SECRET'));
define('WEBHOOK_SECRET', needed('GOCARDLESS_WEBHOOK_SECRET'));
define('TOKEN_KEY', base64_decode(needed('TOKEN_KEY'), true)); // 32 bytes: openssl rand -base64 32

function needed(string $name): string
{
    return getenv($name) ?: throw new RuntimeException("$name is not set");
}
