import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLadder } from '../../services/transcoder/media/ladder.ts';
import { missingLimits } from '../../services/transcoder/media/required-limits.ts';
import { makeClip } from '../../services/transcoder/test/clips.ts';
import { freshBuckets, type ObjectStoreSettings } from '../backends/index.ts';
import { createFfmpegProcess } from '../platform/ffmpeg-process.ts';
import { corpus } from './corpus.ts';
import type { Workshop } from './hostile-file.ts';
import { createJudge } from './judge.ts';
import { watchMemory } from './memory.ts';
import { createTraceReader, traceOptions } from './trace.ts';

const isFull = process.env.HOSTILE_MEDIA_FORM === 'full';
const files = isFull ? corpus : corpus.filter(({ isBrief }) => isBrief);

const limits = {
  maxDurationSeconds: 20,
  maxPixels: 9_000_000,
  ladder: parseLadder('360:800,480:1400,720:3000,1080:6000'),
};
/** From the upload's arrival to the word that it is refused; the brief form runs beside others that keep the machine busy. */
const refusalMs = isFull ? 2_000 : 15_000;
const probeMegabytes = 150;
/** The limit of the container that ffmpeg runs in. */
const encodeMegabytes = 1_024;

/** What fluent-ffmpeg has the tool tell about itself, without a file, before it runs it for the first time. */
const questions = ['-formats', '-encoders'];

/** What a tool may open beside the folder of its job: libraries, and what the C library looks at. */
const systemFile =
  /^(\/usr\/|\/lib|\/etc\/(ld\.so\.|gcrypt|ssl\/openssl\.cnf|OpenCL|drirc|localtime)|\/proc\/|\/sys\/|\/dev\/(null|urandom)$)/;

describe('a hostile upload', function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'tiktok-lite-hostile-'));
  const secret = 'canary: nobody uploaded these bytes';
  const table: string[][] = [];
  let settings: ObjectStoreSettings;
  let workshop: Workshop;
  let judge: Awaited<ReturnType<typeof createJudge>>;
  let trap: Server;
  let callers = 0;
  const trace = join(folder, 'trace');
  const ffmpeg = createFfmpegProcess({ watcher: () => ['strace', ...traceOptions(trace)] });
  const workFolder = ffmpeg.settings.FFMPEG_FOLDER;
  let acts: ReturnType<typeof createTraceReader>;
  let memory: ReturnType<typeof watchMemory>;

  before(async () => {
    trap = createServer((socket) => {
      callers += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    workshop = createWorkshop(folder, secret, trap);
    settings = await freshBuckets();
    await ffmpeg.process.start();
    judge = await createJudge({ settings, ffmpeg, limits });
    acts = createTraceReader(trace);
    memory = watchMemory(ffmpeg.process.pid());
  });
  after(async () => {
    memory.stop();
    judge.close();
    trap.close();
    await ffmpeg.remove();
    rmSync(folder, { recursive: true });
    if (isFull) print(table);
  });

  for (const [id, file] of files.entries()) {
    it(`${file.name} ${file.expected.includes('encoded') ? 'does no harm' : 'is refused'}`, async () => {
      const path = join(folder, 'upload');
      writeFileSync(path, file.make(workshop));
      const { verdict, sentence, ms, made } = await judge.handle(id + 1, path);
      const { opened, network, started } = acts();
      const peak = memory.take();
      table.push([file.name, verdict, sentence.slice(0, 60), String(ms), String(peak.ffprobe), String(peak.ffmpeg)]);

      assert.ok(file.expected.includes(verdict), `${verdict}: ${sentence}`);
      if (verdict !== 'encoded') assert.match(sentence, /^[A-Z].*\.$/, 'it is told why');
      if (started.length === 1) assert.ok(ms <= refusalMs, `${ms} ms`);
      assert.ok(started.length >= 1, 'a tool has been watched');
      for (const args of started.filter((args) => !questions.includes(args.join(' ')))) {
        assert.deepEqual(missingLimits(args), [], args.join(' '));
      }
      assert.deepEqual(
        opened.filter((name) => !systemFile.test(name) && !isOfJob(name)),
        [],
      );
      assert.deepEqual([network, callers], [[], 0]);
      assert.ok(peak.ffprobe > 0 && peak.ffprobe <= probeMegabytes, `ffprobe took ${peak.ffprobe} MB`);
      assert.ok(peak.ffmpeg <= encodeMegabytes, `ffmpeg took ${peak.ffmpeg} MB`);
      for (const name of made) assert.ok(!(await fetched(name)).includes(secret));
    });
  }

  /** By its whole path, or by its bare name: tools run in the folder of their job. */
  const isOfJob = (name: string): boolean => name.startsWith(`${workFolder}/`) || !name.includes('/');

  const fetched = async (name: string): Promise<Buffer> => {
    const answer = await fetch(`${settings.OBJECT_STORE_ENDPOINT}/${settings.OBJECT_STORE_MEDIA_BUCKET}/${name}`);
    assert.equal(answer.status, 200);
    return Buffer.from(await answer.arrayBuffer());
  };
});

function createWorkshop(folder: string, secret: string, trap: Server): Workshop {
  const [text, stream, sound] = ['canary.txt', 'canary.ts', 'sound.mp4'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(text, `${secret}\n`);
  makeClip(stream, { seconds: 1, size: '64x64', output: ['-c:v', 'libx264', '-metadata', `title=${secret}`] });
  makeClip(sound, { seconds: 1, size: '64x64' });
  const address = trap.address();
  return {
    sound: readFileSync(sound),
    canary: { text, stream },
    trap: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    ffmpeg: (container, ...args) => {
      const made = join(folder, 'made');
      const quiet = ['-nostdin', '-loglevel', 'error', '-y', '-bitexact'];
      execFileSync('ffmpeg', [...quiet, ...args, '-f', container, made], { stdio: ['ignore', 'ignore', 'pipe'] });
      return readFileSync(made);
    },
  };
}

function print(rows: readonly string[][]): void {
  const all = [['file', 'verdict', 'reason', 'ms', 'ffprobe MB', 'ffmpeg MB'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of all) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}
