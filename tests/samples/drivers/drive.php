<?php

// Plays a partner's server with the PHP files: `php drive.php link` or `php drive.php finish FACTS`.

declare(strict_types=1);

require __DIR__ . '/link.php';
require __DIR__ . '/callback.php';
require __DIR__ . '/store.php';
require __DIR__ . '/webhook.php';

/** Keeps what the code asks a database for; the test asks a real one the same. */
class Database extends PDO
{
    public array $asked = [];
    public array $rows = [];

    public function __construct()
    {
    }

    public function prepare(string $query, array $options = []): PDOStatement|false
    {
        return new Prepared($this, $query);
    }
}

class Prepared extends PDOStatement
{
    private array $values = [];

    public function __construct(private Database $db, private string $sql)
    {
    }

    public function execute(?array $params = null): bool
    {
        $this->db->asked[] = [$this->sql, $params];
        $this->values = $params;
        if (str_starts_with($this->sql, 'INSERT')) {
            $this->db->rows[$params[0]] = $params[1];
        }
        if (str_starts_with($this->sql, 'DELETE')) {
            unset($this->db->rows[$params[0]]);
        }

        return true;
    }

    public function fetchColumn(int $column = 0): mixed
    {
        return $this->db->rows[$this->values[0]] ?? false;
    }
}

function refused(callable $work): string
{
    try {
        $work();
    } catch (NotConnected | InvalidSignature $error) {
        return get_class($error) . ': ' . $error->getMessage();
    }

    return 'not refused';
}

function finish(array $facts): array
{
    $db = new Database();
    $session = $facts['session'];
    [$organisation, $token] = connect($session, $facts['query']);
    save($db, $organisation, 'an older token');
    save($db, $organisation, $token);
    $found = [
        'organisation' => $organisation,
        'token' => $token,
        'session' => (object) $session,
        'rows' => array_map(null, array_keys($db->rows), array_values($db->rows)),
        'kept' => access_token_of($db, $organisation),
        'refused' => array_map(fn ($one) => refused(fn () => connect($one[0], $one[1])), $facts['refused']),
        'events' => array_map(fn ($one) => count(events($one[0], $one[1])), $facts['genuine']),
        'forged' => array_map(fn ($one) => refused(fn () => events($one[0], $one[1] ?? '')), $facts['forged']),
    ];
    forget($db, $organisation);

    return $found + ['forgotten' => access_token_of($db, $organisation), 'asked' => $db->asked];
}

function begin(): array
{
    $session = [];
    $link = authorization_link($session, 'mia@example.com', 'Corner Shop & Sons');

    return ['link' => $link, 'session' => $session];
}

echo json_encode($argv[1] === 'link' ? begin() : finish(json_decode($argv[2], true)), JSON_THROW_ON_ERROR);
