using System;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

/// <summary>
/// Keeps one access token for each organisation. It does not expire and opens the merchant's account: it is stored encrypted.
/// CREATE TABLE gocardless_connection (organisation_id TEXT PRIMARY KEY, access_token TEXT NOT NULL)
/// </summary>
static class Store
{
    const string SaveSql = @"INSERT INTO gocardless_connection (organisation_id, access_token) VALUES (@organisation, @token)
        ON CONFLICT (organisation_id) DO UPDATE SET access_token = excluded.access_token";

    /// <summary>Webhooks name the organisation, so it is the key. Who connects again replaces the token.</summary>
    public static async Task Save(DbConnection db, string organisationId, string accessToken)
    {
        using var command = Command(db, SaveSql, ("@organisation", organisationId), ("@token", Seal(accessToken)));
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<string?> AccessTokenOf(DbConnection db, string organisationId)
    {
        const string sql = "SELECT access_token FROM gocardless_connection WHERE organisation_id = @organisation";
        using var command = Command(db, sql, ("@organisation", organisationId));
        return await command.ExecuteScalarAsync() is string found ? Unseal(found) : null;
    }

    /// <summary>When the event organisations/disconnected says that the merchant left.</summary>
    public static async Task Forget(DbConnection db, string organisationId)
    {
        const string sql = "DELETE FROM gocardless_connection WHERE organisation_id = @organisation";
        using var command = Command(db, sql, ("@organisation", organisationId));
        await command.ExecuteNonQueryAsync();
    }

    static DbCommand Command(DbConnection db, string sql, params (string Name, string Value)[] values)
    {
        var command = db.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    static string Seal(string text)
    {
        byte[] plain = Encoding.UTF8.GetBytes(text), nonce = RandomNumberGenerator.GetBytes(12);
        byte[] tag = new byte[16], bytes = new byte[plain.Length];
        using var cipher = new AesGcm(Settings.TokenKey, tag.Length);
        cipher.Encrypt(nonce, plain, bytes, tag);
        return string.Join(".", Convert.ToBase64String(nonce), Convert.ToBase64String(tag), Convert.ToBase64String(bytes));
    }

    static string Unseal(string text)
    {
        var parts = Array.ConvertAll(text.Split('.'), Convert.FromBase64String);
        var plain = new byte[parts[2].Length];
        using var cipher = new AesGcm(Settings.TokenKey, parts[1].Length);
        cipher.Decrypt(parts[0], parts[2], parts[1], plain);
        return Encoding.UTF8.GetString(plain);
    }
}
