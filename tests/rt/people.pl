# Creates users and tokens of a test server, and revokes tokens, while the server runs. The service's HTTP API has no call for
# tokens.
#
#   people.pl make ID NAME ORGANISATION [ID NAME ORGANISATION]...   prints {"ID": {"id": 27, "token": "..."}, ...}
#   people.pl revoke ID...                                          revokes all tokens of these users
#   people.pl token ID...                                           creates another token for each; prints as make does
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use Encode ();
use JSON   ();
use RT;
RT->LoadConfig;
RT->Init;

my $system = RT->SystemUser;

sub check {
    my ($what, $done, $message) = @_;
    die "$what: " . ($message // 'failed') . "\n" unless $done;
    return $done;
}

sub user {
    my ($name) = @_;
    my $user = RT::User->new($system);
    $user->Load($name);
    return $user;
}

# Creates a user without rights of their own, as a member of the group with the organisation's name.
sub make {
    my ($name, $real_name, $organisation) = @_;
    my $user = user($name);
    check("user $name", $user->Create(
        Name => $name, RealName => $real_name, EmailAddress => "$name\@customer.example",
        Organization => $organisation, Privileged => 0)) unless $user->Id;
    my $group = RT::Group->new($system);
    $group->LoadUserDefinedGroup($organisation);
    check("group $organisation", $group->CreateUserDefinedGroup(Name => $organisation)) unless $group->Id;
    check("membership of $name", $group->AddMember($user->PrincipalId)) unless $group->HasMember($user->PrincipalId);
    return $user;
}

sub token {
    my ($user) = @_;
    my $token = RT::AuthToken->new($system);
    my ($id, $message, $secret) = $token->Create(Owner => $user->Id, Description => 'test');
    check('token', $id, $message);
    return { id => 0 + $user->Id, token => $secret };
}

sub revoke {
    my ($user) = @_;
    my $tokens = RT::AuthTokens->new($system);
    $tokens->LimitOwner(VALUE => $user->Id);
    while (my $token = $tokens->Next) { check('revocation', $token->Delete) }
    return;
}

# One transaction: all or none, and one disk sync instead of dozens.
$RT::Handle->BeginTransaction;
my ($what, @arguments) = map { Encode::decode('UTF-8', $_) } @ARGV;
my %made;
if ($what eq 'make') {
    while (my ($name, $real_name, $organisation) = splice @arguments, 0, 3) {
        $made{$name} = token(make($name, $real_name, $organisation));
    }
} elsif ($what eq 'token') {
    $made{$_} = token(user($_)) for @arguments;
} elsif ($what eq 'revoke') {
    revoke(user($_)) for @arguments;
} else {
    die "no such command: $what\n";
}
$RT::Handle->Commit;
print JSON->new->utf8->canonical->encode(\%made), "\n" if %made;
