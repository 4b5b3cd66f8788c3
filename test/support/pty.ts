import { type Outcome, PROGRAM, run } from './run-cli.ts';

/** Runs a command in a pseudo-terminal, and types keys when it prompts. Both outputs arrive as one. */
const TYPE = `
import fcntl, os, pty, struct, sys, termios
keys, command = sys.argv[1].encode().decode('unicode_escape').encode(), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0: os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
seen = b''
while True:
    try: data = os.read(terminal, 65536)
    except OSError: break
    if not data: break
    seen += data
    sys.stdout.buffer.write(data)
    if keys and b'AUTO' in seen and b'CPU' in seen:
        os.write(terminal, keys)
        keys = b''
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs Node with arguments in a terminal of 100 columns. */
export const nodeOnTerminal = (keys: string, args: readonly string[], env: Environment): Promise<Outcome> =>
  run('python3', ['-c', TYPE, keys, process.execPath, ...args], {
    env: { CI: undefined, NO_COLOR: undefined, TERM: 'xterm', LANG: 'C.UTF-8', ...env },
  });

export const decantOnTerminal = (keys: string, args: readonly string[], env: Environment): Promise<Outcome> =>
  nodeOnTerminal(keys, [PROGRAM, ...args], env);
