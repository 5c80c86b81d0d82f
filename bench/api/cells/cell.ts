import type { Api } from '../platform.ts';

/** What is measured together: one kind of request, at several numbers of connections. */
export interface Cell {
  name: string;
  api: Api;
  /** Raw requests, sent in turn. */
  requests: readonly string[];
  /** Whether an answer has everything; asked of each request once, before the load. */
  isRight: (answer: Answer) => boolean;
  /** What the same work is compared with. */
  comparedWith: 'ready string' | 'produce only';
  /** Changes rows: afterwards what is served is compared with what the rows say. */
  writes?: 'likes' | 'comments';
  /** Called until the load has ended. */
  meanwhile?: { everyMs: number; do: () => Promise<unknown> };
}

/** An answer of the official API. */
export interface Answer {
  status_code: number;
  [name: string]: unknown;
}

/** Whether a list in an answer has so many entries. */
export const hasList =
  (name: string, length: number) =>
  (answer: Answer): boolean => {
    const list = answer[name];
    return answer.status_code === 0 && Array.isArray(list) && list.length === length;
  };

export const succeeds = (answer: Answer): boolean => answer.status_code === 0;
