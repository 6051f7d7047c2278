# Sets up an empty server as a company would: a queue, the fields that the product definition maps, rights, and rules. Each
# object is created only if it does not exist, so that an interrupted run can be repeated. Prints the settings that tests and
# clients need, as JSON.
use strict;
use warnings;
use utf8;
use lib '/usr/share/request-tracker5/lib';
use JSON ();
use RT;
RT->LoadConfig;
RT->Init;

my $system = RT->SystemUser;

sub check {
    my ($what, $done, $message) = @_;
    die "$what: " . ($message // 'failed') . "\n" unless $done;
    return $done;
}

# --- the queue, and the role that sees tickets accessible to a whole account

my $queue = RT::Queue->new($system);
$queue->Load('Support');
check('queue', $queue->Create(Name => 'Support', Lifecycle => 'support')) unless $queue->Id;

my $account = RT::CustomRole->new($system);
$account->Load('Account');
check('role', $account->Create(Name => 'Account', MaxValues => 0)) unless $account->Id;
check('role', $account->AddToObject($queue->Id)) unless $account->IsAdded($queue->Id);

# --- fields: a user may set those with "i" only while creating a ticket, and those with "m" at any time

my @issue_types = (
    'Support, UI & General Inquiry', 'Technical Setup', 'Data & Reporting', 'Payments & Finance',
    'Contracts', 'Settings & Navigation', 'Content',
);
my @fields = (
    { name => 'Issue Type',       type => 'Select',   may => 'i', values => \@issue_types },
    { name => 'Account Access',   type => 'Select',   may => 'i', values => ['Yes', 'No'] },
    # The client reference, by which a ticket is recognised after a lost answer. The server stores the same value only for the
    # first ticket that has it.
    { name => 'Client Reference', type => 'Freeform', may => 'i', unique => 1 },
    # A user who may not edit a ticket writes more CC addresses here, and a rule below adds them to the ticket.
    { name => 'Add CC',           type => 'Freeform', may => 'im', many => 1 },
    # What the support team says of a ticket of the hub. Users see it and cannot change it.
    { name => 'Ticket Type',      type => 'Select',   may => '', values => [qw(email phone chat conference_call)] },
    { name => 'Call At',          type => 'Freeform', may => '' },
    { name => 'Call Status',      type => 'Select',   may => '', values => [qw(pending accepted)] },
    { name => 'Meeting Link',     type => 'Freeform', may => '' },
    { name => 'Passcode',         type => 'Freeform', may => '' },
    { name => 'Escalation ID',    type => 'Freeform', may => '' },
    { name => 'Escalation Text',  type => 'Text',     may => '' },
    { name => 'Escalation State', type => 'Select',   may => '', values => [qw(submitted review engineering fix_review resolved)] },
    { name => 'Escalation Estimate', type => 'Freeform', may => '' },
    { name => 'Satisfaction',     type => 'Select',   may => 'm', values => [1 .. 5] },
    { name => 'Feedback',         type => 'Text',     may => 'm' },
);

my $users = RT::Group->new($system);
$users->LoadSystemInternalGroup('Unprivileged');

my %field_ids;
my $order = 0;
for my $wanted (@fields) {
    my $field = RT::CustomField->new($system);
    $field->LoadByName(Name => $wanted->{name}, LookupType => 'RT::Queue-RT::Ticket');
    if (!$field->Id) {
        check("field $wanted->{name}", $field->Create(
            Name => $wanted->{name}, Type => $wanted->{type}, MaxValues => $wanted->{many} ? 0 : 1,
            LookupType => 'RT::Queue-RT::Ticket', UniqueValues => $wanted->{unique} ? 1 : 0, SortOrder => ++$order));
        check("field $wanted->{name}", $field->AddToObject($queue));
        my $place = 0;
        for my $value (@{ $wanted->{values} // [] }) {
            check("value $value", $field->AddValue(Name => $value, SortOrder => ++$place));
        }
    }
    grant($users, $field, 'SeeCustomField',
        $wanted->{may} =~ /i/ ? 'SetInitialCustomField' : (), $wanted->{may} =~ /m/ ? 'ModifyCustomField' : ());
    $field_ids{ $wanted->{name} } = 0 + $field->Id;
}

# --- rights

sub grant {
    my ($whom, $object, @rights) = @_;
    my $principal = $whom->PrincipalObj;
    for my $right (@rights) {
        next if $principal->HasRight(Right => $right, Object => $object);
        check("right $right", $principal->GrantRight(Right => $right, Object => $object));
    }
    return;
}

sub role {
    my ($name) = @_;
    my $group = RT::Group->new($system);
    $group->LoadRoleGroup(Object => $queue, Name => $name);
    check("role $name", $group->CreateRoleGroup(Object => $queue, Name => $name)) unless $group->Id;
    return $group;
}

my $staff = RT::Group->new($system);
$staff->LoadUserDefinedGroup('Support');
check('staff', $staff->CreateUserDefinedGroup(Name => 'Support')) unless $staff->Id;

my $agent = RT::User->new($system);
$agent->Load('marta');
check('agent', $agent->Create(
    Name => 'marta', RealName => 'Marta Feld', EmailAddress => 'marta.feld@desk.example',
    Organization => 'Support', Privileged => 1)) unless $agent->Id;
check('agent', $staff->AddMember($agent->PrincipalId)) unless $staff->HasMember($agent->PrincipalId);

grant($users, $queue, qw(SeeQueue CreateTicket));
grant(role('Requestor'), $queue, qw(ShowTicket ReplyToTicket SolveTicket ReopenTicket));
grant(role('Cc'), $queue, qw(ShowTicket ReplyToTicket));
grant(role($account->GroupType), $queue, qw(ShowTicket ReplyToTicket));
grant($staff, $queue, qw(
    SeeQueue CreateTicket ShowTicket ShowTicketComments ReplyToTicket CommentOnTicket ModifyTicket OwnTicket
    SolveTicket ReopenTicket DeleteTicket SeeCustomField ModifyCustomField));

# --- articles: those of one class are for users, and those of the other for the team

my %classes;
for my $name ('First steps', 'Team') {
    my $class = RT::Class->new($system);
    $class->Load($name);
    check("class $name", $class->Create(Name => $name)) unless $class->Id;
    $classes{$name} = $class;
}
# Without SeeClass, users would see the articles and not what their class is called.
grant($users, $classes{'First steps'}, qw(ShowArticle SeeClass));
grant($staff, $classes{$_}, qw(ShowArticle SeeClass)) for sort keys %classes;

# The service comes with the text field Content, for the articles of every class.
my %article_fields;
for my $wanted (['Keywords', 'Freeform'], ['Page', 'HTML'], ['Content', 'Text']) {
    my ($name, $type) = @$wanted;
    my $field = RT::CustomField->new($system);
    $field->LoadByName(Name => $name, LookupType => 'RT::Class-RT::Article');
    if (!$field->Id) {
        check("field $name", $field->Create(
            Name => $name, Type => $type, MaxValues => 1, LookupType => 'RT::Class-RT::Article'));
        check("field $name", $field->AddToObject($classes{$_})) for sort keys %classes;
    }
    grant($_, $field, 'SeeCustomField') for $users, $staff;
    $article_fields{$name} = $field;
}

sub article {
    my ($class, $name, %texts) = @_;
    my $article = RT::Article->new($system);
    $article->LoadByCols(Class => $classes{$class}->Id, Name => $name);
    return $article if $article->Id;
    my %values = map { ('CustomField-' . $article_fields{$_}->Id => $texts{$_}) } keys %texts;
    check("article $name", $article->Create(Class => $classes{$class}->Id, Name => $name, %values));
    return $article;
}

# The team's article stands between those of users, so that a page of all has a hole.
article('First steps', 'Erste Schritte 👋', Keywords => 'shop', Page =>
    '<p>Grüße! Lesen Sie <a href="https://desk.example/faq">die häufigen Fragen</a>.</p><ul><li>Größe &amp; Maß</li></ul>');
article('Team', 'Nur für das Team', Page => '<p>Kulanz bis 50 €</p>');
article('First steps', 'Überweisung verfolgen', Content => "1. Öffnen Sie Einstellungen\n2. <Auszahlungen>");
my $withdrawn = article('First steps', 'Alte Anleitung', Content => 'Gilt nicht mehr');
check('withdrawn', $withdrawn->SetDisabled(1)) unless $withdrawn->Disabled;

# --- rules

sub rule {
    my (%rule) = @_;
    my $scrip = RT::Scrip->new($system);
    $scrip->LoadByCols(Description => $rule{Description});
    return if $scrip->Id;
    check($rule{Description}, $scrip->Create(
        Queue => $queue->Id, Stage => 'TransactionCreate', Template => 'Blank', ScripCondition => 'User Defined',
        ScripAction => 'User Defined', CustomPrepareCode => 'return 1;', %rule));
    return;
}

rule(
    Description            => 'What is accessible to the account is seen by its group',
    CustomIsApplicableCode => q{
        $self->TransactionObj->Type eq 'Create'
            && ($self->TicketObj->FirstCustomFieldValue('Account Access') // '') eq 'Yes'
    },
    CustomCommitCode => q{
        my $ticket = RT::Ticket->new(RT->SystemUser);
        $ticket->Load($self->TicketObj->Id);
        my $group = RT::Group->new(RT->SystemUser);
        $group->LoadUserDefinedGroup($self->TransactionObj->CreatorObj->Organization || return 1);
        my $account = RT::CustomRole->new(RT->SystemUser);
        $account->Load('Account');
        $ticket->AddWatcher(Type => $account->GroupType, PrincipalId => $group->PrincipalId, Silent => 1) if $group->Id;
        return 1;
    },
);
rule(
    Description            => 'Addresses that a user adds become the CC of the ticket',
    CustomIsApplicableCode => q{
        my $change = $self->TransactionObj;
        my $field  = $self->TicketObj->LoadCustomFieldByIdentifier('Add CC');
        $change->Type eq 'CustomField' && ($change->Field // 0) == $field->Id && length($change->NewValue // '')
    },
    CustomCommitCode => q{
        my $ticket = RT::Ticket->new(RT->SystemUser);
        $ticket->Load($self->TicketObj->Id);
        my $address = $self->TransactionObj->NewValue;
        return 1 unless $address =~ /^[^\s@]+@[^\s@]+$/;
        $ticket->AddWatcher(Type => 'Cc', Email => $address) unless $ticket->IsWatcher(Type => 'Cc', Email => $address);
        return 1;
    },
);
rule(
    Description            => 'A reply of a customer puts the ticket back to work',
    CustomIsApplicableCode => q{
        my $reply = $self->TransactionObj;
        $reply->Type eq 'Correspond' && !$reply->CreatorObj->Privileged
            && $self->TicketObj->Status =~ /^(?:awaiting your reply|solution offered|solved)$/
    },
    CustomCommitCode => q{
        my $ticket = RT::Ticket->new(RT->SystemUser);
        $ticket->Load($self->TicketObj->Id);
        $ticket->SetStatus('in progress');
        return 1;
    },
);
# The rule that comes with the service would reopen a closed ticket on any reply, too.
my $stock = RT::Scrip->new($system);
$stock->LoadByCols(Description => 'On Correspond Open Inactive Tickets');
$stock->SetDisabled(1) if $stock->Id && !$stock->Disabled;

# --- the settings

sub token {
    my ($name) = @_;
    my $user = RT::User->new($system);
    $user->Load($name);
    my ($id, $message, $secret) = RT::AuthToken->new($system)->Create(Owner => $user->Id, Description => 'test');
    check("token of $name", $id, $message);
    return $secret;
}

print JSON->new->utf8->canonical->pretty->encode({
    base_url => "http://127.0.0.1:$ENV{RT_PORT}",
    version  => $RT::VERSION,
    queue    => { id => 0 + $queue->Id, name => 'Support' },
    fields   => \%field_ids,
    account  => $account->GroupType,
    agent    => { id => 0 + $agent->Id, name => 'marta', token => token('marta') },
    admin    => { name => 'root', token => token('root') },
    mail     => "$ENV{RT_HOME}/mail",
});
