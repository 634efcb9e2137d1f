import Catalog

extension Browser {
    /// What in a page somebody could not use: by a screen reader, by keys, with weak eyes, on a narrow screen.
    ///
    /// - Everything that can be used has a name, and everything that is drawn for the eye has one or is hidden.
    /// - No two elements have one id, and what is referred to is there.
    /// - There is a language, a title, one main part, one first heading, and no heading leaves out a level.
    /// - Text differs from what is behind it by 4.5 to 1; large text by 3 to 1.
    /// - What can be pressed is at least 24 pixels high and wide.
    /// - Nothing makes the page wider than the window.
    func faults() throws -> [String] {
        try run(Self.rules).asArray?.compactMap(\.asString) ?? ["the rules did not run"]
    }

    private static let rules = """
        const faults = [];
        const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
        const what = (element) => `${element.localName}${element.id ? '#' + element.id : ''}.${element.className?.baseVal ?? element.className}`;
        const named = (element) => [element.getAttribute('aria-label'), element.labels?.[0]?.textContent, element.title,
          element.getAttribute('aria-labelledby') && document.getElementById(element.getAttribute('aria-labelledby'))?.textContent,
          ['input', 'select', 'textarea'].includes(element.localName) ? '' : element.textContent].some((text) => text?.trim());
        const usable = [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"], [role]')].filter(isSeen);
        for (const element of usable) {
          const role = element.getAttribute('role');
          if (['presentation', 'status', 'alert', 'tabpanel', 'option', 'region'].includes(role) && element.tabIndex < 0) continue;
          if (!named(element)) faults.push(`no name: ${what(element)}`);
        }
        for (const element of [...document.querySelectorAll('svg, canvas, img')].filter(isSeen)) {
          const isHidden = element.closest('[aria-hidden="true"]') || element.localName === 'canvas' && element.closest('[role="option"], [role="slider"]');
          if (!isHidden && !named(element)) faults.push(`no name: ${what(element)}`);
        }
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push(`twice: ${id}`);
        for (const element of document.querySelectorAll('[aria-controls], [aria-labelledby], [aria-activedescendant]')) {
          for (const name of ['aria-controls', 'aria-labelledby', 'aria-activedescendant']) {
            const id = element.getAttribute(name);
            if (id && !document.getElementById(id)) faults.push(`${name} of ${what(element)} leads nowhere`);
          }
        }
        if (!document.documentElement.lang) faults.push('no language');
        if (!document.title) faults.push('no title');
        if (document.querySelectorAll('main').length !== 1) faults.push('not one main part');
        const levels = [...document.querySelectorAll('h1, h2, h3, h4')].filter((heading) => isSeen(heading) && !heading.closest('dialog'))
          .map(({ localName }) => Number(localName[1]));
        if (levels.filter((level) => level === 1).length !== 1) faults.push(`first headings: ${levels}`);
        levels.forEach((level, index) => { if (index && level > levels[index - 1] + 1) faults.push(`headings leave out a level: ${levels}`); });
        const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const colour = (text) => {
          context.clearRect(0, 0, 1, 1);
          context.fillStyle = text;
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data];
        };
        const light = (rgb) => {
          const [red, green, blue] = rgb.map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const behind = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const found = colour(getComputedStyle(at).backgroundColor);
            if (found[3] > 250) return found;
          }
          return [255, 255, 255, 255];
        };
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
          const element = node.parentElement;
          if (!node.textContent.trim() || !isSeen(element) || element.closest(':disabled, [aria-busy="true"], noscript, .hidden, .skip')) continue;
          const style = getComputedStyle(element);
          const [one, other] = [light(colour(style.color)), light(behind(element))].sort((one, other) => other - one);
          const isLarge = parseFloat(style.fontSize) >= 24 || parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700;
          if ((one + 0.05) / (other + 0.05) < (isLarge ? 3 : 4.5)) faults.push(`weak: ${what(element)} "${node.textContent.trim().slice(0, 20)}" ${((one + 0.05) / (other + 0.05)).toFixed(2)}`);
        }
        for (const element of [...document.querySelectorAll('button, select, input, nav a')].filter(isSeen)) {
          const { width, height } = element.getBoundingClientRect();
          if (width < 24 || height < 24) faults.push(`small: ${what(element)} ${Math.round(width)} x ${Math.round(height)}`);
        }
        if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the window: ${document.documentElement.scrollWidth}`);
        return [...new Set(faults)];
        """
}
