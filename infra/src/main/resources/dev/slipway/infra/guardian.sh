# Runs one server for as long as somebody uses it, and cleans up behind it.
#
#   guardian.sh INSTANCE DATA TEMPLATE COMMAND...  <INSTANCE/users
#
# A user is a process that holds the FIFO "users" open for writing. The kernel closes it for a process that dies, so
# this reads an end of file when the last user has gone, however it went.
set -eu
instance=$1 data=$2 template=$3
shift 3
echo $$ >"$instance/guardian.draft"
mv "$instance/guardian.draft" "$instance/guardian"

if [ ! -e "$data/PG_VERSION" ]; then
    rm -rf "$data.draft"
    cp -Rp "$template" "$data.draft"
    mv "$data.draft" "$data"
fi
cd "$data"

exec 3<&0
"$@" </dev/null 3<&- &
server=$!

# Joining is: open "users", write a line, then see whether "listed" is there. Leaving is: read the end of file, take
# "listed" away, then see whether a line has come. Whichever comes second sees the other.
(
    while :; do
        while read -r _; do :; done
        mv "$instance/listed" "$instance/leaving" 2>/dev/null || :
        read -r _ || break
        mv "$instance/leaving" "$instance/listed" 2>/dev/null || :
    done
    # INT is PostgreSQL's fast shutdown; but a shell's background process ignores it until PostgreSQL handles it.
    kill -TERM "$server" && kill -INT "$server" || :
) <&3 3<&- &
watcher=$!
exec 3<&- </dev/null

status=0
wait "$server" || status=$?
rm -f "$instance/listed"
kill "$watcher" 2>/dev/null || :
cd /
rm -rf "$instance"
exit "$status"
