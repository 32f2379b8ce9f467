"""Who may do what, written by hand and apart from the code: an endpoint that is missing here fails the tests, and so does one too many."""

PARTNERS = {"alice", "bob", "carol", "cyril"}
STAFF = {"rita", "ruth", "pam", "sam", "ada"}
SIGNED_IN = PARTNERS | STAFF | {"dora"}

WHO = {
    "everybody": SIGNED_IN | {"nobody"},
    "signed in": SIGNED_IN,
    "partners": PARTNERS,
    "admins": {"alice", "carol"},
    "partners, staff": PARTNERS | STAFF,
    "staff": STAFF,
    "reviewers": {"rita", "ruth", "ada"},
    "managers": {"pam", "ada"},
    "sellers": {"sam", "ada"},
    "administrators": {"ada"},
    "api keys": {"a program"},
    "no one": set(),
}

TABLE = """
everybody
    GET  home.show
    GET  connect.callback
    GET  public.welcome
    GET  public.register
    POST public.register_interest
    GET  public.registered
    GET  public.faq
    GET  public.accessibility
    GET  public.alive
    GET  public.ready
    GET  public.directory
    GET  public.partner
    GET  public.logo
    GET  public.document
    GET  public.sitemap
    GET  public.robots
    GET  public.certificate
    GET  public.certificate_json
    GET  public.certificate_badge
    GET  public.signing_keys
    GET  grow.atom
    POST hooks.receive
    GET  identity.invitation
    POST identity.accept
    GET  development.inbox
    GET  development.mail
    GET  development.html
    GET  security.login
    POST security.login
    POST security.logout
    GET  security.forgot_password
    POST security.forgot_password
    GET  security.reset_password
    POST security.reset_password
    GET  security.recover_username
    POST security.recover_username
    GET  security.tf_select
    POST security.tf_select
    GET  security.two_factor_token_validation
    POST security.two_factor_token_validation
    GET  security.mf_recovery
    POST security.mf_recovery
    GET  security.wan_signin
    POST security.wan_signin
    POST security.wan_signin_response
signed in
    GET  security.verify
    POST security.verify
    GET  security.change_password
    POST security.change_password
    GET  security.mf_recovery_codes
    POST security.mf_recovery_codes
    GET  security.wan_register
    POST security.wan_register
    POST security.wan_register_response
    GET  security.wan_delete
    POST security.wan_delete
    GET  security.wan_verify
    POST security.wan_verify
    POST security.wan_verify_response
    GET  identity.security
    GET  identity.second_factor
    GET  identity.authenticator
    POST identity.set_up_authenticator
    POST identity.remove_authenticator
    POST identity.end_device
    POST identity.end_everywhere
    GET  identity.settings
    POST identity.save_settings
partners
    GET  home.updates
    POST home.read
    GET  account.show
    GET  account.profile
    GET  account.history
    POST account.save
    GET  build.overview
    GET  build.section
    POST build.save
    POST build.complete
    POST build.send
    GET  build.feed
    POST build.post
    POST build.read
    GET  build.summary
    POST build.confirm
    POST build.send_all
    POST build.move
    POST build.explain
    POST files.upload
    POST files.remove
    GET  launch.show
    POST launch.send
    POST launch.take_back
    POST launch.withdraw
    GET  launch.listing
    POST launch.save_listing
    GET  launch.landing
    POST launch.look_again
    GET  launch.logo
    POST launch.upload_logo
    GET  launch.documents
    POST launch.add_document
    POST launch.remove_document
    GET  grow.show
    GET  grow.content
    GET  grow.updates
    GET  grow.roadmap
    GET  grow.article
    POST grow.mark_read
    POST grow.mark_done
    POST grow.mark_not_done
    GET  grow.feed
    GET  developers.show
    GET  payments.index
    POST payments.start
    GET  payments.returned
    POST payments.look
    POST payments.simulate
    POST payments.again
    GET  payments.insight
    POST payments.refresh
    GET  runs.index
    POST runs.stop
    GET  exam.index
    POST exam.start
    POST exam.stop
    POST exam.again
    GET  exam.settings
    POST exam.save_settings
    GET  connect.show
    POST connect.preview
    POST connect.start
    POST connect.again
    POST connect.look_up
    POST connect.read
    POST connect.revoke
    GET  connect.connections
    POST connect.check
    POST connect.disconnect
    GET  samples.show
    GET  samples.download
    GET  apps.index
    GET  apps.new
    POST apps.create
    GET  apps.edit
    POST apps.save
    GET  apps.ask_to_retire
    POST apps.retire
    GET  apps.credentials
    POST apps.paste
    POST apps.ask_hosts
    POST apps.upload_logo
    GET  apps.go_live
    POST apps.check_live
    GET  support.show
    GET  leads.index
    GET  leads.csv
    GET  leads.own_pipeline
    GET  leads.new
    POST leads.create
    GET  leads.show
    POST leads.save
    GET  leads.check
    POST leads.send
    POST leads.update
    POST leads.withdraw
    GET  support.new
    POST support.create
    GET  support.case
    POST support.reply
    POST support.resolve
    POST support.reopen
    GET  identity.team
    GET  keys.index
    GET  webhooks.index
    GET  webhooks.news
    GET  webhooks.export
    GET  webhooks.forwarding
    POST webhooks.switch
    POST webhooks.test
    POST webhooks.resend
    POST webhooks.resend_many
admins
    GET  identity.new_invitation
    POST identity.invite
    POST identity.resend_invitation
    POST identity.withdraw_invitation
    POST identity.change_role
    GET  identity.ask_to_remove
    POST identity.remove
    GET  apps.replacement
    POST apps.replace
    GET  apps.rotation
    POST apps.rotate
    POST apps.end_overlap
    GET  keys.new
    POST keys.create
    GET  keys.ask_to_revoke
    POST keys.revoke
    POST grow.renew_feed
    POST grow.revoke_feed
partners, staff
    GET  grow.file
    GET  apps.show
    GET  apps.check
    GET  runs.show
    GET  apps.logo
    GET  runs.live
    GET  runs.compare
    GET  exam.show
    GET  exam.live
    GET  exam.result
    GET  exam.compare
    GET  connect.connection
    GET  files.download
    GET  launch.logo_picture
    GET  launch.document_file
    GET  webhooks.delivery
    GET  webhooks.raw
    GET  webhooks.compare
    GET  payments.payments_csv
    GET  files.item
    GET  files.preview
    GET  files.thumbnail
staff
    GET  apps.of_partner
    GET  runs.of_partner
    GET  exam.of_partner
    GET  connect.of_partner
    GET  patterns.show
    GET  webhooks.of_partner
    GET  webhooks.news_of_partner
    GET  webhooks.export_of_partner
    GET  reviews.queue
    GET  reviews.review
    GET  reviews.section
    GET  reviews.feed
    POST reviews.read
    POST reviews.seen
    GET  leads.desk
    GET  leads.board
    GET  leads.pipeline
    GET  leads.all_csv
    GET  leads.handle
    GET  support.desk
    GET  support.handle
    POST support.answer
    POST support.note
    POST support.assign
    POST support.end
    POST support.begin_again
    GET  content.index
    GET  content.view
    GET  listings.index
    GET  listings.show
    GET  listings.certificate
    GET  staff.partners
    GET  staff.partner
    GET  payments.of_partner
    GET  staff.mail
    POST staff.try_again
    POST staff.discard
    GET  staff.figures
    GET  staff.figure_csv
    POST staff.count_figures
    GET  staff.catalog
    GET  staff.catalog_version
    GET  staff.catalog_changes
    GET  staff.catalog_question
    GET  staff.holidays
reviewers
    POST reviews.take_next
    POST reviews.take
    POST reviews.assign
    POST reviews.release
    POST reviews.approve
    GET  reviews.confirm_rest
    POST reviews.approve_rest
    POST reviews.undo
    POST reviews.write
    POST reviews.insert
    POST reviews.withdraw
    POST reviews.pause
    POST reviews.resume
    POST reviews.send
    POST reviews.post_message
    GET  reviews.replies
    POST reviews.add_reply
    GET  reviews.reply
    POST reviews.change_reply
    POST reviews.delete_reply
sellers
    POST leads.move
    POST leads.tell
    POST leads.assign
managers
    GET  content.new
    POST content.create
    GET  content.edit
    POST content.save
    POST content.preview
    GET  content.version
    POST content.publish
    POST content.schedule
    POST content.unschedule
    POST content.archive
    POST content.bring_back
    POST content.reviewed
    POST content.restore
    POST content.attach
    POST content.remove
    POST listings.publish
    POST listings.decline
    POST listings.withdraw
    POST support.login
    GET  staff.registrations
    GET  staff.registration
    POST staff.accept
    POST staff.decline
administrators
    POST listings.suspend
    POST listings.restore
    GET  staff.audit
    GET  staff.audit_csv
    GET  staff.audit_ndjson
    POST staff.change_day
    GET  identity.people
    GET  identity.new_colleague
    POST identity.invite_colleague
    POST identity.resend_to_colleague
    POST identity.withdraw_from_colleague
    POST identity.change_staff_role
    POST identity.switch_off
    POST identity.switch_on
api keys
    GET  keys.about
    GET  webhooks.stream
    GET  webhooks.export_for_programs
    GET  webhooks.told
    POST webhooks.tell
    GET  exam.checks
    POST exam.start_for_programs
    GET  exam.read_for_programs
    POST exam.stop_for_programs
no one
    GET  security.two_factor_setup
    POST security.two_factor_setup
    POST security.two_factor_setup_validate
    GET  security.two_factor_rescue
    POST security.two_factor_rescue
"""


def expected():
    """By (method, endpoint), the names of those who may."""
    found, who = {}, None
    for line in TABLE.strip().splitlines():
        if not line.startswith(" "):
            who = WHO[line]
            continue
        method, endpoint = line.split()
        assert (method, endpoint) not in found, f"{line} stands here twice"
        found[method, endpoint] = who
    return found
