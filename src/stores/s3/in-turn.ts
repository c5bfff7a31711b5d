/** Lets tasks of the same name run one after the other. */
export interface InTurn {
  run<T>(name: string, task: () => Promise<T>): Promise<T>;
}

export function inTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(name, task) {
      const before = last.get(name);
      const mine = (async () => {
        await before?.catch(() => {});
        return task();
      })();
      last.set(name, mine);
      try {
        return await mine;
      } finally {
        if (last.get(name) === mine) last.delete(name);
      }
    },
  };
}
