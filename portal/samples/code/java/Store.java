import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keeps one access token for each organisation. It does not expire and opens the merchant's account: it is stored encrypted.
 *
 * <p>CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)
 */
final class Store {
    private static final String SAVE = "INSERT INTO gocardless_connection (organisation_id, access_token) VALUES (?, ?)"
            + " ON CONFLICT (organisation_id) DO UPDATE SET access_token = excluded.access_token";
    private static final String READ = "SELECT access_token FROM gocardless_connection WHERE organisation_id = ?";
    private static final String FORGET = "DELETE FROM gocardless_connection WHERE organisation_id = ?";
    private static final int NONCE = 12;

    private Store() {}

    /** Webhooks name the organisation, so it is the key. Who connects again replaces the token. */
    static void save(Connection db, String organisationId, String accessToken) throws SQLException, GeneralSecurityException {
        try (PreparedStatement statement = db.prepareStatement(SAVE)) {
            statement.setString(1, organisationId);
            statement.setString(2, seal(accessToken));
            statement.executeUpdate();
        }
    }

    static String accessTokenOf(Connection db, String organisationId) throws SQLException, GeneralSecurityException {
        try (PreparedStatement statement = db.prepareStatement(READ)) {
            statement.setString(1, organisationId);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? unseal(rows.getString(1)) : null;
            }
        }
    }

    /** When the event organisations/disconnected says that the merchant left. */
    static void forget(Connection db, String organisationId) throws SQLException {
        try (PreparedStatement statement = db.prepareStatement(FORGET)) {
            statement.setString(1, organisationId);
            statement.executeUpdate();
        }
    }

    private static String seal(String text) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(text.getBytes(UTF_8));
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array());
    }

    private static String unseal(String text) throws GeneralSecurityException {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
        byte[] nonce = new byte[NONCE];
        bytes.get(nonce);
        byte[] sealed = new byte[bytes.remaining()];
        bytes.get(sealed);
        return new String(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed), UTF_8);
    }

    private static Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(Settings.TOKEN_KEY, "AES"), new GCMParameterSpec(128, nonce));
        return cipher;
    }
}
