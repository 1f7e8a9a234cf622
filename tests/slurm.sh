#!/usr/bin/env bash
# Runs the tests of category Slurm against Slurm itself: installs Debian's packages where they are missing, starts munge, a controller and two node daemons of
# a processor each on this machine's loopback, and takes them down again, however the tests end. Needs root; touches no Slurm that the machine has.
set -uo pipefail
cd "$(dirname "$0")/.."

for program in munged slurmctld slurmd sbatch; do
  if ! PATH=$PATH:/usr/sbin command -v "$program" >/dev/null; then
    apt-get install -y --no-install-recommends slurm-wlm munge || exit 1
    break
  fi
done
dotnet build -c Release tests/AmbiSSL.Cli.Tests -nologo -v q || exit 1

work=$(mktemp -d)
chmod 755 "$work"
pids=()
take_down() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null; done
  rm -rf "$work"
}
trap take_down EXIT

mkdir "$work/state" "$work/spool"
head -c 1024 /dev/urandom >"$work/munge.key" && chmod 400 "$work/munge.key"
cat >"$work/slurm.conf" <<END
ClusterName=loopback
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket,cred_expire=5
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool/%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdParameters=config_overrides
JobCompType=jobcomp/filetxt
JobCompLoc=$work/jobs.txt
NodeName=node[1-2] NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=[16818-16819] CPUs=1 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
chown -R root:root "$work"
export SLURM_CONF=$work/slurm.conf PATH=$PATH:/usr/sbin

munged --force --foreground --socket="$work/munge.socket" --key-file="$work/munge.key" --pid-file="$work/munged.pid" --log-file="$work/munged.log" \
  --seed-file="$work/munged.seed" 2>/dev/null &
pids+=($!)
for _ in {1..100}; do [ -S "$work/munge.socket" ] && break; sleep 0.1; done
slurmctld -D 2>/dev/null &
pids+=($!)
for node in node1 node2; do
  mkdir "$work/spool/$node"
  slurmd -D -N "$node" 2>/dev/null &
  pids+=($!)
done
for _ in {1..300}; do [ "$(sinfo -h -t idle -o %D 2>/dev/null)" = 2 ] && break; sleep 0.1; done
sinfo || { tail -20 "$work"/*.log; exit 1; }

dotnet test -c Release --no-build tests/AmbiSSL.Cli.Tests -nologo --filter TestCategory=Slurm --logger "console;verbosity=normal"
status=$?
echo "What Slurm says of the jobs:"
cut -d' ' -f1-3,5,7-10 "$work/jobs.txt" 2>/dev/null
[ "$status" -eq 0 ] || tail -30 "$work"/*.log
exit "$status"
