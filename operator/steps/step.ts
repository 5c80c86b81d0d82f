import { type Finding, type StepCondition, stepConditions } from '../api/conditions.ts';
import { TerminalError } from '../kubernetes/errors.ts';

/** A step that is done, for the condition, and what the next steps need of it. */
export interface Done<Value = void> {
  reason: string;
  message: string;
  value: Value;
}

/** The step must wait, and the rollout with it; what it waits for comes by itself. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
  readonly reason: string;
  /** What the step is about works meanwhile: an older version of it, for example. */
  readonly works: boolean;

  constructor(reason: string, message: string, { works = false } = {}) {
    super(message);
    this.reason = reason;
    this.works = works;
  }
}

/** The step cannot go on until somebody changes something; the reason is one word for the condition. */
export class StalledError extends TerminalError {
  override readonly name = 'StalledError';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What an error of a step says about its condition. */
export function findingOf(type: StepCondition, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WaitError) {
    const { reason, works } = error;
    return works
      ? { type, status: 'True', reason, message, underWay: true }
      : { type, status: 'False', reason, message };
  }
  if (error instanceof TerminalError) {
    const reason = error instanceof StalledError ? error.reason : 'Refused';
    return { type, status: 'False', reason, message, stalled: true };
  }
  return { type, status: 'False', reason: 'Failed', message: `tried again: ${message}`, failed: true };
}

/** Runs a step, notes what it found, and stops the rollout where the step is not done. */
export async function runStep<Value>(
  findings: Finding[],
  type: StepCondition,
  work: () => Promise<Done<Value>>,
): Promise<Value> {
  try {
    const { reason, message, value } = await work();
    findings.push({ type, status: 'True', reason, message });
    return value;
  } catch (error) {
    findings.push(findingOf(type, error));
    throw error;
  }
}

/**
 * What failed between two steps is told of the one that was not reached, so that no platform is Ready by what nobody has
 * looked at. Adds nothing where a step has told it already.
 */
export function noteUntoldFailure(findings: Finding[], failure: unknown): void {
  if (findings.some(({ status, underWay, advisory }) => !advisory && (status !== 'True' || underWay))) return;
  const next = stepsOfRollout.find((type) => !findings.some((finding) => finding.type === type));
  findings.push(findingOf(next ?? 'ServicesAvailable', failure));
}

/** The scaler finds out by itself how many transcoders there are. */
const stepsOfRollout = stepConditions.filter((type) => type !== 'TranscoderScaling');
