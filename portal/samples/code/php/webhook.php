<?php

// Behind your webhook URL: the signature is checked over the bytes as they came, before anything reads them.

declare(strict_types=1);

require_once __DIR__ . '/settings.php';

/** Answer 498, and do nothing else. */
class InvalidSignature extends RuntimeException
{
}

/**
 * $body is file_get_contents('php://input'), $signature is $_SERVER['HTTP_WEBHOOK_SIGNATURE'] ?? ''.
 *
 * Answer 204 once the events are stored. They may come twice and in any order: remember their ids, and read the
 * resource anew before you act.
 */
function events(string $body, string $signature): array
{
    if (!hash_equals(hash_hmac('sha256', $body, WEBHOOK_SECRET), $signature)) {
        throw new InvalidSignature();
    }

    return json_decode($body, true, 512, JSON_THROW_ON_ERROR)['events'];
}
