/**
 * What a platform without traffic costs: CPU and memory of every Node process of ours on this machine, and every write
 * of the operator that the API server's audit log shows. Usage: node bench/at-rest.ts [seconds=300]
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const seconds = Number(process.argv[2] ?? 300);
const auditLog = process.env.AUDIT_LOG ?? '/var/lib/tiktok-lite/audit.log';
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Sample {
  name: string;
  cpuSeconds: number;
  rssMiB: number;
  pssMiB: number;
}

const entryPoint = /(?:^|\0)((?:services\/[a-z-]+|operator)\/main\.ts)\0/;

/** The entry point that a process of ours runs; undefined for everything else. */
function nameOf(pid: string): string | undefined {
  try {
    if (!readlinkSync(`/proc/${pid}/exe`).endsWith('/node')) return undefined;
    return entryPoint.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1];
  } catch {
    return undefined; // the process ended while it was looked at, or is a kernel thread
  }
}

const kibibytes = (file: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);

function sample(): Map<string, Sample> {
  const found = new Map<string, Sample>();
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const name = nameOf(pid);
    if (!name) continue;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    found.set(pid, {
      name,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      rssMiB: kibibytes(`/proc/${pid}/status`, 'VmRSS') / 1024,
      pssMiB: kibibytes(`/proc/${pid}/smaps_rollup`, 'Pss') / 1024,
    });
  }
  return found;
}

/** Writes by the operator's account since `from`, counted by verb and resource. */
function operatorWrites(from: Date): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of readFileSync(auditLog, 'utf8').split('\n')) {
    if (!line) continue;
    const event = JSON.parse(line);
    const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(event.verb);
    if (!writes || event.stage !== 'ResponseComplete' || new Date(event.requestReceivedTimestamp) < from) continue;
    if (!/^system:serviceaccount:.*operator/.test(event.user.username)) continue;
    const key = `${event.verb} ${event.objectRef?.resource}${event.objectRef?.subresource ? `/${event.objectRef.subresource}` : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const began = new Date();
const before = sample();
await pause(seconds * 1000);
const after = sample();

let cpuPercent = 0;
let rssMiB = 0;
let pssMiB = 0;
for (const [pid, end] of after) {
  const start = before.get(pid);
  if (!start) {
    console.log(`${end.name} (process ${pid}) was started during the measurement`);
    continue;
  }
  const percent = ((end.cpuSeconds - start.cpuSeconds) / seconds) * 100;
  cpuPercent += percent;
  rssMiB += end.rssMiB;
  pssMiB += end.pssMiB;
  console.log(
    `${end.name.padEnd(32)} ${percent.toFixed(2).padStart(6)} % of a core  ${end.rssMiB.toFixed(0).padStart(4)} MiB RSS  ${end.pssMiB.toFixed(0).padStart(4)} MiB PSS`,
  );
}
console.log(
  `${'all'.padEnd(32)} ${cpuPercent.toFixed(2).padStart(6)} % of a core  ${rssMiB.toFixed(0).padStart(4)} MiB RSS  ${pssMiB.toFixed(0).padStart(4)} MiB PSS`,
);
for (const [write, count] of operatorWrites(began)) console.log(`operator: ${write} ${count} times`);
