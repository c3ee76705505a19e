import 'graphiql/style.css';
import './page.css';
import './setup-workers.ts';
import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer.tsx';
import { loadSettings } from './settings.ts';

const element = document.querySelector('#root');
if (element === null) throw new Error('The page has no #root');
const root = createRoot(element);

try {
  root.render(<Explorer settings={await loadSettings()} />);
} catch (error) {
  root.render(<p className="notice">The explorer could not start: {String(error)}</p>);
}
