# Adds the rule that docs/push.md describes to a test server: it tells an address of the company's which ticket somebody of the support
# team has changed, signed as Zendesk signs its webhooks.
#
#   webhook.pl URL SECRET
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use RT;
RT->LoadConfig;
RT->Init;

my ($url, $secret) = @ARGV;
die "usage: webhook.pl URL SECRET\n" unless defined $secret && $url =~ m{^https?://[\w.:/-]+$} && $secret =~ m{^[\w+/=-]+$};

# The condition: an answer, or a change of status, by somebody of the team. Private comments have a type of their own.
my $condition = q{
    return 0 if $self->TransactionObj->CreatorObj->Id == RT->SystemUser->Id || !$self->TransactionObj->CreatorObj->Privileged;
    return scalar grep { $_->Type =~ /^(?:Correspond|Status)$/ } @{ $self->TicketObj->TransactionBatch };
};

# The action. It has ids and nothing that somebody wrote.
my $action = q{
    require Digest::SHA; require HTTP::Request; require JSON; require LWP::UserAgent; require MIME::Base64; require POSIX;
    my ($url, $secret) = ('__URL__', '__SECRET__');
    my $ticket = $self->TicketObj;
    my %users;
    for my $group ($ticket->RoleGroup('Requestor'), $ticket->RoleGroup('Cc')) {
        next unless $group->Id;
        $users{ $_->Id } = 1 for @{ $group->UserMembersObj(Recursively => 1)->ItemsArrayRef };
    }
    my $body = JSON->new->canonical->encode({
        event => 'ticket_changed', ticket_id => '' . $ticket->Id, requester_id => '', cc_ids => join(' ', sort keys %users),
    });
    my $at = POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
    my $answer = LWP::UserAgent->new(timeout => 5)->request(HTTP::Request->new(POST => $url, [
        'Content-Type'                            => 'application/json',
        'X-Zendesk-Webhook-Invocation-Id'         => $self->TransactionObj->Id,
        'X-Zendesk-Webhook-Signature'             => MIME::Base64::encode_base64(Digest::SHA::hmac_sha256($at . $body, $secret), ''),
        'X-Zendesk-Webhook-Signature-Timestamp'   => $at,
    ], $body));
    RT->Logger->warning('the push receiver answered ' . $answer->code) unless $answer->is_success;
    return 1;
};
$action =~ s/__URL__/$url/;
$action =~ s/__SECRET__/$secret/;

my $scrip = RT::Scrip->new(RT->SystemUser);
my ($id, $message) = $scrip->Create(
    Description => 'Push messages', Queue => 0, Stage => 'TransactionBatch', Template => 'Blank', ScripCondition => 'User Defined',
    ScripAction => 'User Defined', CustomIsApplicableCode => $condition, CustomPrepareCode => 'return 1;', CustomCommitCode => $action);
die "the rule: $message\n" unless $id;
