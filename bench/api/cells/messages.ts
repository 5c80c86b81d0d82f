import { answerTo, get, post } from '../load/requests.ts';
import type { MeasuredPlatform } from '../platform.ts';
import { type Cell, hasList, succeeds } from './cell.ts';
import { pickEvenly } from './pick.ts';

const pairs = 200;
const messagesOfEach = 3;

/** Polls of chats in which nothing is new, and messages. */
export async function messageCells({ platform, dataSet, tokenOf }: MeasuredPlatform): Promise<Cell[]> {
  const address = platform.addressOf('user');
  const users = pickEvenly(dataSet.userIds, pairs);
  const peerOf = (index: number) => users[(index + 1) % users.length] ?? 0;
  const message = (userId: number, index: number, content: string) => ({
    ...{ token: tokenOf(userId), to_user_id: peerOf(index) },
    ...{ action_type: 1, content },
  });
  const send = users.map((userId, index) =>
    post('/douyin/message/action/', message(userId, index, 'a message that somebody sends')),
  );
  for (let count = 0; count < messagesOfEach; count += 1) {
    await Promise.all(send.map((request) => answerTo(address, request)));
  }
  const polls = users.map(async (userId, index) => {
    const chat = { token: tokenOf(userId), to_user_id: peerOf(index) };
    const { message_list } = JSON.parse(await answerTo(address, get('/douyin/message/chat/', chat)));
    return get('/douyin/message/chat/', { ...chat, pre_msg_time: message_list.at(-1).create_time });
  });
  const cell = { api: 'user', comparedWith: 'ready string' } as const;
  return [
    { name: 'message poll', ...cell, requests: await Promise.all(polls), isRight: hasList('message_list', 0) },
    { name: 'message', ...cell, requests: send, isRight: succeeds },
  ];
}
