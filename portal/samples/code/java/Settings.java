import java.util.Base64;
import java.util.Objects;

/** What tells one GoCardless from another, and the secrets, which stay in the environment and out of your code. */
final class Settings {
    static final String CONNECT_URL = "{{connect_url}}";
    static final String API_URL = "{{api_url}}";
    static final String CLIENT_ID = "{{client_id}}";
    static final String REDIRECT_URI = "{{redirect_uri}}";

    static final String CLIENT_SECRET = needed("GOCARDLESS_CLIENT_SECRET");
    static final String WEBHOOK_SECRET = needed("GOCARDLESS_WEBHOOK_SECRET");
    /** 32 bytes: openssl rand -base64 32 */
    static final byte[] TOKEN_KEY = Base64.getDecoder().decode(needed("TOKEN_KEY"));

    private Settings() {}

    private static String needed(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " is not set");
    }
}
