import { isDeepStrictEqual } from 'node:util';
import type { Knex } from '../../../services/shared/mysql/database.ts';
import { mayBeThere, mustBeThere } from '../model/comments.ts';
import type { Model } from '../model/model.ts';
import type { Stances } from '../model/stances.ts';
import { type Truth, userCounts, videoCounts } from './truth.ts';

/** Where rows are not what was acknowledged, and where counters are not what the rows count to. */
export async function auditRows(db: Knex, truth: Truth, model: Model): Promise<string[]> {
  return [
    ...truth.userIds.flatMap((id) => [
      ...auditStances(`likes of ${id}`, model.likesOf(id), truth.likedBy(id)),
      ...auditStances(`follows of ${id}`, model.followsOf(id), truth.followedBy(id)),
    ]),
    ...auditComments(truth, model),
    ...auditPublications(truth, model),
    ...(await auditCounters(db, truth)),
  ];
}

/** From here on the model knows what came of requests whose replies were lost. */
export function learnFrom(truth: Truth, model: Model): void {
  for (const id of truth.userIds) {
    model.likesOf(id).learn(new Set(truth.likedBy(id)));
    model.followsOf(id).learn(new Set(truth.followedBy(id)));
  }
  model.comments.learn(new Map(truth.comments.map(({ content, id }) => [content, id])));
  const titles = new Set([...truth.videos.values()].map(({ title }) => title));
  model.publications = model.publications
    .filter(({ title }) => titles.has(title))
    .map((publication) => ({ ...publication, isCertain: true }));
}

function auditStances(what: string, stances: Stances, rows: readonly number[]): string[] {
  const lacking = [...stances.certain()].filter((target) => !rows.includes(target));
  const surplus = rows.filter((target) => !stances.allows(target, true));
  return [
    ...lacking.map((target) => `${what}: ${target} was acknowledged, and there is no row`),
    ...surplus.map((target) => `${what}: there is a row of ${target}, whose end was acknowledged or which never began`),
  ];
}

function auditComments(truth: Truth, model: Model): string[] {
  const rows = Map.groupBy(truth.comments, ({ content }) => content);
  const known = new Set(model.comments.all().map(({ text }) => text));
  return [
    ...model.comments.all().flatMap((comment) => {
      const found = rows.get(comment.text)?.length ?? 0;
      const [least, most] = [mustBeThere(comment) ? 1 : 0, mayBeThere(comment) ? 1 : 0];
      if (least <= found && found <= most) return [];
      return [`comment ${comment.id} (${comment.text}) has ${found} rows, not ${least} to ${most}`];
    }),
    ...truth.comments.filter(({ content }) => !known.has(content)).map(({ content }) => `nobody wrote "${content}"`),
  ];
}

function auditPublications(truth: Truth, model: Model): string[] {
  return model.publications.flatMap(({ title, authorId, isPlayable, isCertain }) => {
    const rows = truth.worksOf(authorId).filter((video) => video.title === title);
    const wanted = isPlayable ? 'ready' : 'failed';
    if (rows.length > 1 || (isCertain && rows.length === 0)) return [`"${title}" has ${rows.length} rows`];
    return rows.filter(({ state }) => state !== wanted).map(({ state }) => `"${title}" is ${state}, not ${wanted}`);
  });
}

async function auditCounters(db: Knex, truth: Truth): Promise<string[]> {
  const [users, videos]: [Record<string, number>[], Record<string, number>[]] = await Promise.all([
    db('user_counter').select({ id: 'user_id' }, ...userCounts),
    db('video_counter').select({ id: 'video_id' }, ...videoCounts),
  ]);
  const differences = (what: string, rows: Record<string, number>[], countsOf: (id: number) => object) =>
    rows.flatMap(({ id = 0, ...counters }) => {
      const counted = countsOf(id);
      if (isDeepStrictEqual(counters, counted)) return [];
      return [
        `counters of ${what} ${id} are ${JSON.stringify(counters)}, its rows count to ${JSON.stringify(counted)}`,
      ];
    });
  return [
    ...differences('user', users, (id) => truth.userCounts(id)),
    ...differences('video', videos, (id) => truth.videoCounts(id)),
  ];
}
