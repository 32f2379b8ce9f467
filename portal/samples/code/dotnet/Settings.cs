using System;

/// <summary>What tells one GoCardless from another, and the secrets, which stay in the environment and out of your code.</summary>
static class Settings
{
    public const string ConnectUrl = "{{connect_url}}";
    public const string ApiUrl = "{{api_url}}";
    public const string ClientId = "{{client_id}}";
    public const string RedirectUri = "{{redirect_uri}}";

    public static readonly string ClientSecret = Needed("GOCARDLESS_CLIENT_SECRET");
    public static readonly string WebhookSecret = Needed("GOCARDLESS_WEBHOOK_SECRET");

    /// <summary>32 bytes: openssl rand -base64 32</summary>
    public static readonly byte[] TokenKey = Convert.FromBase64String(Needed("TOKEN_KEY"));

    static string Needed(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");
}
