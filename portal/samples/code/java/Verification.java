import com.gocardless.GoCardlessClient;
import com.gocardless.resources.Creditor;

/** Whether GoCardless has verified the merchant: ask right after connecting, show it, and ask again now and then. */
final class Verification {
    private Verification() {}

    /** A connected organisation has exactly one creditor: the first of the list. */
    static Creditor.VerificationStatus verificationStatus(String accessToken) {
        GoCardlessClient client = GoCardlessClient.newBuilder(accessToken).withBaseUrl(Settings.API_URL + "/").build();
        return client.creditors().list().withLimit(1).execute().getItems().get(0).getVerificationStatus();
    }

    static String advice(Creditor.VerificationStatus status) {
        switch (status) {
            case SUCCESSFUL:
                return "Nothing to do. Payouts can be made.";
            case IN_REVIEW:
                return "GoCardless is checking the details. There is nothing to do but wait.";
            default:
                return "Send the merchant to GoCardless's verification pages: something is still missing.";
        }
    }
}
