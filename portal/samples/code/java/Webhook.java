import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Behind your webhook URL: the signature is checked over the bytes as they came, before anything reads them. */
final class Webhook {
    private Webhook() {}

    /** Answer 498, and do nothing else. */
    static final class InvalidSignature extends Exception {}

    /**
     * The body are the raw bytes, the signature is the header Webhook-Signature or null. Answer 204 once the events are stored.
     *
     * <p>They may come twice and in any order: remember their ids, and read the resource anew before you act.
     */
    static JsonArray events(byte[] body, String signature) throws InvalidSignature, GeneralSecurityException {
        if (signature == null || !MessageDigest.isEqual(sign(body).getBytes(UTF_8), signature.getBytes(UTF_8))) {
            throw new InvalidSignature();
        }
        return JsonParser.parseString(new String(body, UTF_8)).getAsJsonObject().getAsJsonArray("events");
    }

    static String sign(byte[] body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Settings.WEBHOOK_SECRET.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }
}
