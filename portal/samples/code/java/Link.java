import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Behind your button "Connect with GoCardless": redirect the merchant to this address. */
final class Link {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Link() {}

    /** The session is the merchant's with you. The state in it proves later that the answer belongs to it. */
    static String authorizationLink(Map<String, String> session, String email, String organisationName) {
        byte[] state = new byte[32];
        RANDOM.nextBytes(state);
        session.put("gocardless_state", Base64.getUrlEncoder().withoutPadding().encodeToString(state));
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", Settings.CLIENT_ID);
        parameters.put("scope", "read_write");
        parameters.put("redirect_uri", Settings.REDIRECT_URI);
        parameters.put("state", session.get("gocardless_state"));
        parameters.put("initial_view", "signup"); // or "login", for merchants who have an account
        parameters.put("prefill[email]", email);
        parameters.put("prefill[organisation_name]", organisationName);
        return Settings.CONNECT_URL + "/oauth/authorize?" + encoded(parameters);
    }

    static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(one -> !one.getValue().isEmpty())
                .map(one -> URLEncoder.encode(one.getKey(), UTF_8) + "=" + URLEncoder.encode(one.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
