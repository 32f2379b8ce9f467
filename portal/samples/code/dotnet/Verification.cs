using System.Net.Http;
using System.Threading.Tasks;
using GoCardless;
using GoCardless.Resources;
using GoCardless.Services;

/// <summary>Whether GoCardless has verified the merchant: ask right after connecting, show it, and ask again now and then.</summary>
static class Verification
{
    static readonly HttpClient Http = new HttpClient();

    /// <summary>A connected organisation has exactly one creditor: the first of the list.</summary>
    public static async Task<CreditorVerificationStatus?> VerificationStatus(string accessToken)
    {
        var client = GoCardlessClient.Create(accessToken, Settings.ApiUrl, Http);
        var answer = await client.Creditors.ListAsync(new CreditorListRequest { Limit = 1 });
        return answer.Creditors[0].VerificationStatus;
    }

    public static string Advice(CreditorVerificationStatus? status) => status switch
    {
        CreditorVerificationStatus.Successful => "Nothing to do. Payouts can be made.",
        CreditorVerificationStatus.InReview => "GoCardless is checking the details. There is nothing to do but wait.",
        _ => "Send the merchant to GoCardless's verification pages: something is still missing.",
    };
}
