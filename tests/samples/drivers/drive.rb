# frozen_string_literal: true

# Plays a partner's server with the Ruby files: `ruby drive.rb link` or `ruby drive.rb finish FACTS`.

require_relative "link"
require_relative "callback"
require_relative "store"
require_relative "webhook"

# Keeps what the code asks a database for; the test asks a real one the same.
class Database
  attr_reader :asked, :rows

  def initialize
    @asked = []
    @rows = {}
  end

  def execute(sql, values)
    @asked << [sql, values]
    @rows[values[0]] = values[1] if sql.start_with?("INSERT")
    @rows.delete(values[0]) if sql.start_with?("DELETE")
    @rows.key?(values[0]) ? [[@rows[values[0]]]] : []
  end
end

def refused
  yield
  "not refused"
rescue NotConnected, InvalidSignature => e
  "#{e.class}: #{e.message}"
end

def finish(facts)
  db = Database.new
  session = facts["session"].dup
  organisation, token = connect(session, facts["query"])
  save(db, organisation, "an older token")
  save(db, organisation, token)
  found = {
    organisation: organisation,
    token: token,
    session: session,
    rows: db.rows.to_a,
    kept: access_token_of(db, organisation),
    refused: facts["refused"].map { |given, query| refused { connect(given, query) } },
    events: facts["genuine"].map { |body, signature| events(body, signature).length },
    forged: facts["forged"].map { |body, signature| refused { events(body, signature) } }
  }
  forget(db, organisation)
  found.merge(forgotten: access_token_of(db, organisation), asked: db.asked)
end

def begin_here
  session = {}
  { link: authorization_link(session, email: "mia@example.com", organisation_name: "Corner Shop & Sons"), session: session }
end

puts JSON.generate(ARGV[0] == "link" ? begin_here : finish(JSON.parse(ARGV[1])))
