<?php

// Keeps one access token for each organisation. It does not expire and opens the merchant's account: it is stored encrypted.
//   CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)

declare(strict_types=1);

require_once __DIR__ . '/settings.php';

/** Webhooks name the organisation, so it is the key. Who connects again replaces the token. */
function save(PDO $db, string $organisation_id, string $access_token): void
{
    $sql = 'INSERT INTO gocardless_connection (organisation_id, access_token) VALUES (?, ?)
        ON CONFLICT (organisation_id) DO UPDATE SET access_token = excluded.access_token';
    $db->prepare($sql)->execute([$organisation_id, seal($access_token)]);
}

function access_token_of(PDO $db, string $organisation_id): ?string
{
    $found = $db->prepare('SELECT access_token FROM gocardless_connection WHERE organisation_id = ?');
    $found->execute([$organisation_id]);
    $sealed = $found->fetchColumn();

    return $sealed === false ? null : unseal($sealed);
}

/** When the event organisations/disconnected says that the merchant left. */
function forget(PDO $db, string $organisation_id): void
{
    $db->prepare('DELETE FROM gocardless_connection WHERE organisation_id = ?')->execute([$organisation_id]);
}

function seal(string $text): string
{
    $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);

    return base64_encode($nonce . sodium_crypto_secretbox($text, $nonce, TOKEN_KEY));
}

function unseal(string $sealed): string
{
    $bytes = base64_decode($sealed, true);
    $nonce = substr($bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
    $text = sodium_crypto_secretbox_open(substr($bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES), $nonce, TOKEN_KEY);

    return $text === false ? throw new RuntimeException('This token was encrypted with another key.') : $text;
}
