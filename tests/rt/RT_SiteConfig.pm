# The configuration of one test server. Everything that differs between two servers comes from the environment, which
# server.sh sets: RT_HOME, the folder with all data, and RT_PORT, the port on 127.0.0.1.
my $home = $ENV{RT_HOME};

$RT::VarPath         = $home;
$RT::MasonDataDir    = "$home/mason";
$RT::MasonSessionDir = "$home/session";

Set($rtname,            'desk.example');
Set($Organization,      'desk.example');
Set($CorrespondAddress, 'support@desk.example');
Set($CommentAddress,    'notes@desk.example');
Set($WebDomain,         '127.0.0.1');
Set($WebPort,           $ENV{RT_PORT});
Set($WebBaseURL,        "http://127.0.0.1:$ENV{RT_PORT}");

# Dates in searches are interpreted in this time zone, and the connector writes them in UTC.
Set($Timezone, 'UTC');

Set($DatabaseType, 'SQLite');
Set($DatabaseName, "$home/desk.sqlite3");

# No mail leaves the machine: each becomes a file in the spool.
Set($MailCommand,       'sendmailpipe');
Set($SendmailPath,      "$home/etc/spool-mail");
Set($SendmailArguments, "$home/mail");
Set($UseFriendlyToLine, 0);

Set($LogToSyslog,    undef);
Set($LogToSTDERR,    'error');
Set($LogToFile,      'info');
Set($LogDir,         "$home/log");
Set($LogToFileNamed, 'desk.log');

# Every call checks its token with bcrypt. The usual cost of 12 takes a quarter of a second, which is right for passwords
# on a real server and too slow for tests.
Set($BcryptCost, 6);

Set($MaxAttachmentSize, 25 * 1024 * 1024);

# A user who creates a ticket may say which one it follows, although users may not edit tickets. Otherwise the service
# creates the ticket and drops the link without a word.
Set($StrictLinkACL, 0);

# The statuses and transitions of the support queue. Two transitions have rights of their own, so that a user can solve and
# reopen a ticket without being able to edit it. A closed ticket stays closed.
my @working = ('open', 'in progress', 'awaiting your reply', 'solution offered');
my %moves   = map { my $from = $_; $from => [grep({ $_ ne $from } @working), 'solved', 'closed', 'deleted'] } @working;
Set(
    %Lifecycles,
    support => {
        initial     => ['open'],
        active      => ['in progress', 'awaiting your reply', 'solution offered'],
        inactive    => ['solved', 'closed', 'deleted'],
        defaults    => { on_create => 'open' },
        transitions => {
            ''        => ['open'],
            %moves,
            'solved'  => ['open', 'in progress', 'closed', 'deleted'],
            'closed'  => ['deleted'],
            'deleted' => ['open'],
        },
        rights => {
            '* -> solved'  => 'SolveTicket',
            '* -> open'    => 'ReopenTicket',
            '* -> deleted' => 'DeleteTicket',
            '* -> *'       => 'ModifyTicket',
        },
        # The transitions that a user sees as buttons and a client as links. Others are possible but not listed.
        actions => [
            map({ ("$_ -> solved" => { label => 'Mark as solved' }) } @working),
            'solved -> open' => { label => 'Reopen' },
        ],
    },
);

1;
