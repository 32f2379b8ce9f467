using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

/// <summary>Behind your button "Connect with GoCardless": redirect the merchant to this address.</summary>
static class Link
{
    /// <summary>The session is the merchant's with you. The state in it proves later that the answer belongs to it.</summary>
    public static string AuthorizationLink(IDictionary<string, string> session, string email = "", string organisationName = "")
    {
        session["gocardless_state"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var parameters = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = Settings.ClientId,
            ["scope"] = "read_write",
            ["redirect_uri"] = Settings.RedirectUri,
            ["state"] = session["gocardless_state"],
            ["initial_view"] = "signup", // or "login", for merchants who have an account
            ["prefill[email]"] = email,
            ["prefill[organisation_name]"] = organisationName,
        };
        var given = parameters.Where(one => one.Value != "");
        var query = given.Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}");
        return $"{Settings.ConnectUrl}/oauth/authorize?{string.Join("&", query)}";
    }
}
