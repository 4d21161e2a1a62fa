import { expect, test } from 'vitest';
import { initials } from '../src/kit/initials';

test('the first letters of the first and the last word', () => {
  expect(initials('Ada Lovelace')).toBe('AL');
  expect(initials('Jean-Luc van der Berg')).toBe('JB');
  expect(initials('ann_lee')).toBe('AL');
});

test('a single word gives its first two letters', () => {
  expect(initials('ann')).toBe('AN');
  expect(initials('Bo')).toBe('BO');
  expect(initials('x')).toBe('X');
});

test('Chinese, Japanese and Korean names end with the given name', () => {
  expect(initials('小明')).toBe('小明');
  expect(initials('王小明')).toBe('小明');
  expect(initials('欧阳娜娜')).toBe('娜娜');
  expect(initials('王小明', 1)).toBe('明');
  expect(initials('李 (Li)')).toBe('李');
  expect(initials('김민수')).toBe('민수');
  expect(initials('佐々木')).toBe('々木');
});

test('they are taken from one word, not across words', () => {
  expect(initials('田中 一')).toBe('田中');
  expect(initials('王 小明')).toBe('小明');
  expect(initials('李 明')).toBe('李明');
  expect(initials('陈兰 产品部')).toBe('陈兰');
  expect(initials('陈兰（产品部）')).toBe('陈兰');
  expect(initials('Anna 王小明')).toBe('小明');
  expect(initials('列夫·托尔斯泰')).toBe('列托');
  expect(initials('タナカ・タロウ')).toBe('タタ');
  expect(initials('列夫·托尔斯泰', 1)).toBe('列');
});

test('characters outside of the first plane and their variants stay whole', () => {
  expect(initials('𠮷野')).toBe('𠮷野');
  expect(initials('小𠮷')).toBe('小𠮷');
  expect(initials('小𠮷', 1)).toBe('𠮷');
  expect(initials('葛\u{e0100}城')).toBe('葛\u{e0100}城');
  expect(initials('김민수'.normalize('NFD'))).toBe('민수');
  expect(initials('が'.normalize('NFD'))).toBe('が');
  expect(initials('𐐨𐐩 𐐪')).toBe('𐐀𐐂');
});

test('what is added in brackets is no name', () => {
  expect(initials('Anna Berg (she/her)')).toBe('AB');
  expect(initials('Anna [away]')).toBe('AN');
  expect(initials('(Anna)')).toBe('AN');
});

test('a capital is one letter, and one that fonts have', () => {
  expect(initials('ßeta')).toBe('ßE');
  expect(initials('გიორგი')).toBe('გი');
  expect(initials('ånna öberg')).toBe('ÅÖ');
});

test('letters keep their accents and vowel signs', () => {
  expect(initials('E\u0301mile Zola')).toBe('ÉZ');
  expect(initials('q\u0323ara')).toBe('Q\u0323A');
  expect(initials('किरण बेदी')).toBe('किबे');
});

test('names from right to left begin with their first letter, and Arabic ones do not join', () => {
  expect(initials('שרה לוי')).toBe('של');
  expect(initials('محمد علي')).toBe('م\u200cع');
});

test('emoji and signs are skipped, unless there is nothing else', () => {
  expect(initials('🎉 Zoë')).toBe('ZO');
  expect(initials('🎉')).toBe('🎉');
  expect(initials('👩🏽‍🚀 🎉')).toBe('👩🏽‍🚀');
  expect(initials('🇩🇪')).toBe('🇩🇪');
  expect(initials('🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}')).toBe(
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  );
  expect(initials('🎉小明')).toBe('小明');
  expect(initials('!?')).toBe('?');
  expect(initials('')).toBe('?');
});
