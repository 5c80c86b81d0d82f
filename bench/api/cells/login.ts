import { password } from '../data-set.ts';
import { post } from '../load/requests.ts';
import { type Cell, succeeds } from './cell.ts';

/** Logins of many users. */
export const loginCells = (): Cell[] => [
  {
    ...{ name: 'login', api: 'auth', isRight: succeeds, comparedWith: 'ready string' },
    requests: Array.from({ length: 32 }, (_, index) =>
      post('/douyin/user/login/', { username: `user-${index}`, password }),
    ),
  },
];
