# Copies the history of a sandbox server into this one: its users, and their tickets with every message, note and file, in the
# order and with the times of the original. Only the ticket numbers are this server's own.
#
#   history.pl URL      URL is the sandbox's address; prints the users and tokens as people.pl does
#
# No mail is sent and no rule runs, because the history already contains their effects. The HTTP API cannot write with past
# times, so this script uses the Perl API.
use strict;
use warnings;
use utf8;
use lib '/usr/share/request-tracker5/lib';
use Encode ();
use JSON   ();
use LWP::UserAgent;
use MIME::Entity;
use RT;
RT->LoadConfig;
RT->Init;

my ($sandbox) = @ARGV;
my $system = RT->SystemUser;

# The users by their ids in the sandbox. Agents are in the group that the connector takes for staff.
my %people = (
    361_882_440_112 => ['ada',   'Ada Lindqvist', 'Nordlicht Reisen'],
    361_882_440_137 => ['ben',   'Ben Okafor',    'Nordlicht Reisen'],
    361_882_440_158 => ['clara', 'Clara Núñez',   'Nordlicht Reisen'],
    361_882_441_003 => ['zoe',   'Zoë Brandt',    'Sonnenhof Versand'],
    361_700_020_001 => ['marta', 'Marta Feld',    'Support'],
    361_700_020_014 => ['tom',   'Tom Ashby',     'Support'],
    361_700_020_022 => ['ines',  'Inés Prado',    'Support'],
    361_700_020_035 => ['jonas', 'Jonas Keller',  'Support'],
    361_700_020_041 => ['priya', 'Priya Raman',   'Support'],
);
# Tokens that can read the files of an account: its administrator's.
my %reads_files = ('Nordlicht Reisen' => 'clara-token', 'Sonnenhof Versand' => 'zoe-token');

my %status = (
    new => 'open', open => 'in progress', hold => 'in progress', pending => 'awaiting your reply', solved => 'solved',
    closed => 'closed',
);
my %issue_type = (
    support_ui_general  => 'Support, UI & General Inquiry',
    technical_setup     => 'Technical Setup',
    data_reports        => 'Data & Reporting',
    payments_finance    => 'Payments & Finance',
    contracts           => 'Contracts',
    settings_navigation => 'Settings & Navigation',
    content             => 'Content',
);

sub check {
    my ($what, $done, @message) = @_;
    die "$what: " . ($message[-1] // 'failed') . "\n" unless $done;
    return $done;
}

# --- the time that every new row gets instead of the current time

my $moment;
{
    no warnings 'redefine';
    my $create = \&RT::Transaction::Create;
    *RT::Transaction::Create = sub { $create->(@_, ActivateScrips => 0, Created => $moment) };
}

sub moment {
    my ($iso) = @_;
    return $iso =~ s/T/ /r =~ s/Z//r;
}

# --- reading the sandbox

my $http = LWP::UserAgent->new(timeout => 30);

sub fetch {
    my ($url, @headers) = @_;
    my $answer = $http->get($url, @headers);
    check("GET $url", $answer->is_success, $answer->status_line);
    return $answer->content;
}

# Reads the bytes of a ticket's files, by their ids.
sub files {
    my ($ticket) = @_;
    return {} unless grep { @{ $_->{attachments} } } @{ $ticket->{comments} };
    my @as = (Authorization => "Bearer $reads_files{ $people{ $ticket->{requester_id} }[2] }");
    my $thread = JSON::decode_json(fetch("$sandbox/api/v2/requests/$ticket->{id}/comments", @as));
    return { map { $_->{id} => fetch($_->{content_url}) } map { @{ $_->{attachments} } } @{ $thread->{comments} } };
}

# --- writing to this server

sub user {
    my ($id) = @_;
    my ($name, $real_name, $organisation) = @{ $people{$id} };
    my $user = RT::User->new($system);
    $user->Load($name);
    check("user $name", $user->Create(
        Name => $name, RealName => $real_name, EmailAddress => "$name\@customer.example",
        Organization => $organisation, Privileged => $organisation eq 'Support')) unless $user->Id;
    my $group = RT::Group->new($system);
    $group->LoadUserDefinedGroup($organisation);
    check("group $organisation", $group->CreateUserDefinedGroup(Name => $organisation)) unless $group->Id;
    check("membership of $name", $group->AddMember($user->PrincipalId)) unless $group->HasMember($user->PrincipalId);
    return { user => $user, as => RT::CurrentUser->new($user->Id), group => $group };
}

sub message {
    my ($comment, $files) = @_;
    my $text   = Encode::encode('UTF-8', $comment->{body});
    my @text   = (Type => 'text/plain', Charset => 'UTF-8', Data => [$text]);
    my @wanted = @{ $comment->{attachments} };
    return MIME::Entity->build(@text) unless @wanted;
    my $message = MIME::Entity->build(Type => 'multipart/mixed');
    $message->attach(@text);
    $message->attach(Type => $_->{content_type}, Filename => $_->{file_name}, Encoding => 'base64', Data => [$files->{ $_->{id} }])
        for @wanted;
    return $message;
}

# The status on this server. The sandbox's "open" becomes one of two statuses here, depending on who wrote last.
sub status {
    my ($ticket) = @_;
    my ($last) = grep { $_->{public} } reverse @{ $ticket->{comments} };
    return $ticket->{status} eq 'open' && !$last->{agent} ? 'open' : $status{ $ticket->{status} };
}

my $queue = RT::Queue->new($system);
check('queue', $queue->Load('Support'));
my %field = map { $_->Name => $_->Id } @{ $queue->TicketCustomFields->ItemsArrayRef };
my $account = RT::CustomRole->new($system);
check('role', $account->Load('Account'));

sub write_ticket {
    my ($ticket, $known) = @_;
    my ($first, @later) = @{ $ticket->{comments} };
    my $files  = files($ticket);
    my $author = $known->{ $ticket->{requester_id} };
    $moment = moment($first->{created_at});
    my @fields;
    push @fields, "CustomField-$field{'Issue Type'}" => $issue_type{ $ticket->{issue_type} } if $ticket->{issue_type};
    push @fields, "CustomField-$field{'Account Access'}" => $ticket->{access} ? 'Yes' : 'No' if defined $ticket->{access};
    my $new = RT::Ticket->new($author->{as});
    check("ticket $ticket->{id}", $new->Create(
        Queue => $queue->Id, Requestor => [$author->{user}->Id], Subject => $ticket->{subject}, Status => 'open',
        MIMEObj => message($first, $files), @fields));
    my $number = $new->Id;
    for my $comment (@later) {
        $moment = moment($comment->{created_at});
        my $speaker = RT::Ticket->new($known->{ $comment->{author_id} }{as});
        $speaker->Load($number);
        my $say = $comment->{public} ? 'Correspond' : 'Comment';
        check("a message of ticket $ticket->{id}", $speaker->$say(MIMEObj => message($comment, $files)));
    }
    my $whole = RT::Ticket->new($system);
    $whole->Load($number);
    check("access to ticket $ticket->{id}", $whole->AddWatcher(
        Type => $account->GroupType, PrincipalId => $author->{group}->PrincipalId, Silent => 1)) if $ticket->{access};
    check("times of ticket $ticket->{id}", $RT::Handle->SimpleQuery(
        'UPDATE Tickets SET Status = ?, Created = ?, LastUpdated = ? WHERE id = ?',
        status($ticket), moment($ticket->{created_at}), moment($ticket->{updated_at}), $number));
    return;
}

my $history = JSON::decode_json(fetch("$sandbox/sandbox/tickets"));
# One transaction: all or nothing, and one disk sync instead of thousands.
$RT::Handle->BeginTransaction;
my %known = map { $_ => user($_) } sort keys %people;
write_ticket($_, \%known) for sort { $a->{id} <=> $b->{id} } @{ $history->{tickets} };
my %made;
for my $id (grep { $people{$_}[2] ne 'Support' } keys %people) {
    my $user = $known{$id}{user};
    my ($token, $message, $secret) = RT::AuthToken->new($system)->Create(Owner => $user->Id, Description => 'test');
    check('token', $token, $message);
    $made{ $user->Name } = { id => 0 + $user->Id, token => $secret };
}
$RT::Handle->Commit;
print JSON->new->utf8->canonical->encode(\%made), "\n";
