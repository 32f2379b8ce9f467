using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

/// <summary>The words are for the merchant, beside a button that starts again.</summary>
class NotConnected : Exception
{
    public NotConnected(string words) : base(words) { }
}

/// <summary>The page at your redirect URI: the merchant comes back to it with a code, which is exchanged for an access token.</summary>
static class Callback
{
    static readonly HttpClient Http =
        new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The query holds the parameters of the address.</summary>
    public static Task<(string OrganisationId, string AccessToken)> Connect(
        IDictionary<string, string> session, IReadOnlyDictionary<string, string> query)
    {
        session.TryGetValue("gocardless_state", out var expected);
        session.Remove("gocardless_state"); // good for one answer
        var given = Encoding.UTF8.GetBytes(query.GetValueOrDefault("state", ""));
        if (string.IsNullOrEmpty(expected) || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), given))
            throw new NotConnected("This answer does not belong to your session. Please start again.");
        if (query.TryGetValue("error", out var error)) // access_denied: the merchant said no
            throw new NotConnected(query.GetValueOrDefault("error_description", error));
        return Exchange(query.GetValueOrDefault("code", ""));
    }

    /// <summary>From your server only: the client secret never reaches a browser. A code is good once and for minutes.</summary>
    static async Task<(string OrganisationId, string AccessToken)> Exchange(string code)
    {
        var parameters = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Settings.RedirectUri,
            ["client_id"] = Settings.ClientId,
            ["client_secret"] = Settings.ClientSecret,
        };
        using var answer = await Http.PostAsync($"{Settings.ConnectUrl}/oauth/access_token", new FormUrlEncodedContent(parameters));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        if (!body.RootElement.TryGetProperty("access_token", out var accessToken))
            throw new NotConnected("GoCardless did not take the code. Please start again.");
        return (body.RootElement.GetProperty("organisation_id").GetString()!, accessToken.GetString()!);
    }
}
