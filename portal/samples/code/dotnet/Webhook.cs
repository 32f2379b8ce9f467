using System;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

/// <summary>Answer 498, and do nothing else.</summary>
class InvalidSignature : Exception { }

/// <summary>Behind your webhook URL: the signature is checked over the bytes as they came, before anything reads them.</summary>
static class Webhook
{
    /// <summary>
    /// The body are the raw bytes, the signature is the header Webhook-Signature or null. Answer 204 once the events are stored.
    /// They may come twice and in any order: remember their ids, and read the resource anew before you act.
    /// </summary>
    public static JsonElement Events(byte[] body, string? signature)
    {
        var expected = Encoding.UTF8.GetBytes(Sign(body));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature ?? "")))
            throw new InvalidSignature();
        return JsonDocument.Parse(body).RootElement.GetProperty("events");
    }

    public static string Sign(byte[] body)
    {
        using var mac = new HMACSHA256(Encoding.UTF8.GetBytes(Settings.WebhookSecret));
        return Convert.ToHexString(mac.ComputeHash(body)).ToLowerInvariant();
    }
}
