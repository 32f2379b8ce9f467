import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;

/** The page at your redirect URI: the merchant comes back to it with a code, which is exchanged for an access token. */
final class Callback {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).followRedirects(HttpClient.Redirect.NEVER).build();

    private Callback() {}

    /** The words are for the merchant, beside a button that starts again. */
    static final class NotConnected extends Exception {
        NotConnected(String words) {
            super(words);
        }
    }

    record Token(String organisationId, String accessToken) {}

    /** The query holds the parameters of the address. */
    static Token connect(Map<String, String> session, Map<String, String> query)
            throws NotConnected, IOException, InterruptedException {
        String expected = session.remove("gocardless_state"); // good for one answer
        String given = query.getOrDefault("state", "");
        if (expected == null || !MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8))) {
            throw new NotConnected("This answer does not belong to your session. Please start again.");
        }
        if (query.containsKey("error")) { // access_denied: the merchant said no
            throw new NotConnected(query.getOrDefault("error_description", query.get("error")));
        }
        return exchange(query.getOrDefault("code", ""));
    }

    /** From your server only: the client secret never reaches a browser. A code is good once and for minutes. */
    private static Token exchange(String code) throws NotConnected, IOException, InterruptedException {
        Map<String, String> parameters = Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", Settings.REDIRECT_URI,
                "client_id", Settings.CLIENT_ID,
                "client_secret", Settings.CLIENT_SECRET);
        HttpRequest request = HttpRequest.newBuilder(URI.create(Settings.CONNECT_URL + "/oauth/access_token"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Link.encoded(parameters)))
                .build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        JsonObject token = JsonParser.parseString(answer.body()).getAsJsonObject();
        if (!token.has("access_token")) {
            throw new NotConnected("GoCardless did not take the code. Please start again.");
        }
        return new Token(token.get("organisation_id").getAsString(), token.get("access_token").getAsString());
    }
}
