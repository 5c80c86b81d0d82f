import Type, { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/** No line of either side is longer. */
export const maxLineLength = 1024 ** 2;
export const maxOutputLength = 256 * 1024;
export const maxLogLength = 16_000;
const maxReasonLength = 400;

const Text = Type.String({ maxLength: 16_384 });
const Options = Type.Array(Text, { maxItems: 512 });
const wallClockMs = Type.Integer({ minimum: 1, maximum: 24 * 3600_000 });
const Output = Type.Object({ file: Text, options: Options }, { additionalProperties: false });
const Command = Type.Object(
  { input: Text, inputOptions: Options, outputs: Type.Array(Output, { minItems: 1, maxItems: 32 }) },
  { additionalProperties: false },
);

/** What a worker asks for, in one line of JSON; `check` asks whether anybody answers. */
export const Job = Type.Union([
  Type.Object({ tool: Type.Literal('ffmpeg'), command: Command, wallClockMs }, { additionalProperties: false }),
  Type.Object({ tool: Type.Literal('ffprobe'), args: Options, wallClockMs }, { additionalProperties: false }),
  Type.Object({ tool: Type.Literal('check') }, { additionalProperties: false }),
]);
export type Job = Static<typeof Job>;

const Failure = Type.Object(
  {
    reason: Type.String({ maxLength: maxReasonLength }),
    log: Type.String({ maxLength: maxLogLength }),
    timedOut: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** The answer: any number of lines that tell the seconds of output that are done, and a last one. */
export const Reply = Type.Union([
  Type.Object({ seconds: Type.Number({ minimum: 0, maximum: 1e6 }) }, { additionalProperties: false }),
  Type.Object({ output: Type.String({ maxLength: maxOutputLength }) }, { additionalProperties: false }),
  Type.Object({ failure: Failure }, { additionalProperties: false }),
]);
export type Reply = Static<typeof Reply>;

const validators = { job: Compile(Job), reply: Compile(Reply) };

/** A line of the other side, believed as far as its schema goes; undefined for anything else. */
const parse = <Schema extends TSchema>(schema: 'job' | 'reply', line: string): Static<Schema> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return validators[schema].Check(value) ? (value as Static<Schema>) : undefined;
  } catch {
    return undefined;
  }
};
export const parseJob = (line: string) => parse<typeof Job>('job', line);
export const parseReply = (line: string) => parse<typeof Reply>('reply', line);

export const lineOf = (message: Job | Reply): string => `${JSON.stringify(message)}\n`;

/** A failure as it fits the schema. */
export const failureOf = ({ reason, log, timedOut }: Static<typeof Failure>): Reply => ({
  failure: { reason: reason.slice(0, maxReasonLength), log: log.slice(-maxLogLength), timedOut },
});

/** Cuts what arrives into lines; throws when one becomes longer than any may be. */
export function createLineReader(onLine: (line: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (rest.length > maxLineLength) throw new Error(`a line is longer than ${maxLineLength} characters`);
  };
}
